"""The example with a meter: rules of an invented plant, its year, and the files an auditor would be handed."""

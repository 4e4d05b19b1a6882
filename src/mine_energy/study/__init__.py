"""The diagram of the architecture, as code: from inputs to one frozen study."""

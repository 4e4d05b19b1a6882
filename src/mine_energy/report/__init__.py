"""What a client holds: the report (one HTML file), the workbook, and the summary a terminal shows.

Everything here is made from a :class:`~mine_energy.study.Study` alone, so a report can be made again from
``study.json``. Nothing is computed that a decision rests on; quantities are chosen, put in order and written.
"""

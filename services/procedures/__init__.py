"""Administrative procedures as dated data, and what follows from them: the checklist of a case, its fee, its dates.

Pure and shared: kiosk and gateway read the same catalogue and compute by the same rules. Nothing here knows a place,
a price or a date of its own; all of it comes from the records, each with its source and the day it was looked up.
"""

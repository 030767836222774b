"""Algorithms of Kontor: who should meet, and who meets when. Pure: no Django, no files, no clock but `stop`."""

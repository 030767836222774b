"""Mails about requests and meetings, each in its reader's language; people without an address read it on their pages."""

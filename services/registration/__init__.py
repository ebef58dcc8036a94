"""Registration: programmes, calls, applications, nominations, participants, personal data."""

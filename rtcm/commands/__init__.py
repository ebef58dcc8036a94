"""Commands of ``rtcm``: a module per group, loaded when asked for."""

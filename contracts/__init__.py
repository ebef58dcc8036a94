"""The only language services share: what each of them announces.

One file per publishing service, one frozen class per event. Nothing here imports a framework.
"""

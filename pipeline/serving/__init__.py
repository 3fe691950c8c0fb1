"""Runs that nobody watches: the nightly deployment of the flow, its server, and what happens when a run breaks off."""

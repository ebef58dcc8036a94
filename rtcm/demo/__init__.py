"""The demo: the centre's main job on its real facts, told through the services' own APIs."""

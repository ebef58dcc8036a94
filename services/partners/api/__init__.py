"""Partners' API: a blueprint per aggregate; schemas are shapes in and out."""

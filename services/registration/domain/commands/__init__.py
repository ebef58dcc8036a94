"""Commands: what people and events ask registration to do, a module per aggregate."""

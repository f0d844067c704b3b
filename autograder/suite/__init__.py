"""The tests of an assignment, drawn and traced once for everybody. See `build.Suite`."""

"""Results in the formats that schools and services read; each module holds one format, a pure function of Results."""

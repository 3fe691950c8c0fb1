"""Names of features that candidates are given and that the judge looks for."""

IN_RELATIVE_CLAUSE = "object in a relative clause of another concept"
LED_THROUGH = "rule leads from subject to object"

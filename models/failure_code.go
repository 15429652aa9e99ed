package models

import "slices"

// FailureCodeKind is the set that a failure code belongs to (ISO 14224).
type FailureCodeKind string

// Kinds of failure codes.
const (
	FailureModeCode      FailureCodeKind = "mode"
	FailureMechanismCode FailureCodeKind = "mechanism"
	FailureCauseCode     FailureCodeKind = "cause"
	FailureRemedyCode    FailureCodeKind = "remedy"
)

// FailureCode is one code of the tenant's own sets. A set that holds any code in use decides which codes a completion may name.
type FailureCode struct {
	Record
	Kind FailureCodeKind
	Code string
	Name string
}

// Validate checks what can be checked without the database.
func (c *FailureCode) Validate() error {
	f := nameFaults(c.Code, c.Name)
	f.Add(!slices.Contains([]FailureCodeKind{FailureModeCode, FailureMechanismCode, FailureCauseCode, FailureRemedyCode}, c.Kind),
		"/kind", "enum", "Not a kind of failure code.")
	return f.Err()
}

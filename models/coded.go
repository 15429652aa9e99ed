package models

import "github.com/google/uuid"

// Coded is a row of a code list, to which other nouns point: a code that is unique in the tenant, a name, and a place in the
// list's tree (ParentID nil at its top).
type Coded struct {
	Record
	Code     string
	Name     string
	ParentID *uuid.UUID
}

// Entry gives the code list's part within a row that embeds it.
func (c *Coded) Entry() *Coded { return c }

// Validate checks what can be checked without the database.
func (c *Coded) Validate() error { return nameFaults(c.Code, c.Name).Err() }

// Lengths of what people name things by, in characters.
const (
	maxCode = 64
	maxName = 300
)

// nameFaults checks code and name as every coded noun has them.
func nameFaults(code, name string) Faults {
	var f Faults
	f.Add(code == "", "/code", "required", "A code is needed.")
	f.Add(len([]rune(code)) > maxCode, "/code", "maxLength", "A code has at most %d characters.", maxCode)
	f.Add(name == "", "/name", "required", "A name is needed.")
	f.Add(len([]rune(name)) > maxName, "/name", "maxLength", "A name has at most %d characters.", maxName)
	return f
}

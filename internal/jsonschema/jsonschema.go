// Package jsonschema judges JSON by a JSON Schema (draft 2020-12) that people of a tenant wrote.
package jsonschema

import (
	"bytes"
	"errors"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"mainstay/models"
)

// here is the schema's own address; nothing else can be reached from it.
const here = "urn:schema"

var errRemote = errors.New("a schema refers to itself only")

// closed refuses to fetch what a $ref names: a tenant's schema must not make the server read files or call hosts.
type closed struct{}

// Load implements jsonschema.URLLoader.
func (closed) Load(string) (any, error) { return nil, errRemote }

// Check says whether text is a JSON Schema of an object. pointer is the field that holds it; errors are models.CodeInvalid.
func Check(pointer string, text []byte) error {
	_, err := compile(text)
	if err != nil {
		return models.InvalidField(pointer, "schema", "This is no JSON Schema (draft 2020-12) that refers to itself only.")
	}
	return nil
}

// Validate judges value by the schema; every fault's pointer begins with prefix. A schema that cannot be read is an error.
func Validate(prefix string, text, value []byte) error {
	schema, err := Parse(text)
	if err != nil {
		return err
	}
	return schema.Validate(prefix, value)
}

// Schema is a schema that was read once, to judge many values.
type Schema struct{ compiled *jsonschema.Schema }

// Parse reads a schema.
func Parse(text []byte) (Schema, error) {
	compiled, err := compile(text)
	return Schema{compiled}, err
}

// Validate judges value; every fault's pointer begins with prefix.
func (s Schema) Validate(prefix string, value []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil {
		return err
	}
	var invalid *jsonschema.ValidationError
	if err := s.compiled.Validate(document); !errors.As(err, &invalid) {
		return err
	}
	var faults models.Faults
	collect(&faults, prefix, invalid)
	return faults.Err()
}

func compile(text []byte) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(closed{})
	compiler.AssertFormat()
	if err := compiler.AddResource(here, document); err != nil {
		return nil, err
	}
	return compiler.Compile(here)
}

// collect notes the leaves: what encloses them only says that something below is wrong.
func collect(faults *models.Faults, prefix string, e *jsonschema.ValidationError) {
	for _, cause := range e.Causes {
		collect(faults, prefix, cause)
	}
	if len(e.Causes) > 0 {
		return
	}
	pointer := strings.Builder{}
	pointer.WriteString(prefix)
	for _, step := range e.InstanceLocation {
		pointer.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(step))
	}
	path := e.ErrorKind.KeywordPath()
	code := "schema"
	if len(path) > 0 {
		code = path[len(path)-1]
	}
	faults.Add(true, pointer.String(), code, "%s.", e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
}

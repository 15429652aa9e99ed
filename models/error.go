package models

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Code names a kind of failure. It is the same word in a problem+json body, in the type of a Temporal application error and
// in a log line; api and activities each map the whole list, and a test fails on a code that one of them lacks.
type Code string

// The one list of codes.
const (
	CodeInvalid              Code = "invalid"               // the input breaks a rule; Fields say which
	CodeUnauthenticated      Code = "unauthenticated"       // no valid sign-in
	CodeForbidden            Code = "forbidden"             // signed in, but not allowed
	CodeNotFound             Code = "not_found"             // no such row for this tenant
	CodeConflict             Code = "conflict"              // the row's state or a unique value forbids it
	CodeKeyReused            Code = "key_reused"            // the Idempotency-Key was used with another body
	CodeKeyInUse             Code = "key_in_use"            // a request with the same Idempotency-Key still runs
	CodePreconditionFailed   Code = "precondition_failed"   // If-Match names another version
	CodePreconditionRequired Code = "precondition_required" // If-Match is missing
	CodeTooLarge             Code = "too_large"             // the body exceeds its limit
	CodeRateLimited          Code = "rate_limited"          // try later
	CodeRetrySameKey         Code = "retry_same_key"        // outcome unknown: repeat with the same Idempotency-Key
	CodeUnavailable          Code = "unavailable"           // a dependency is away; nothing was changed
	CodeInternal             Code = "internal"              // a defect; details only in the log
)

// Codes lists every code, for the tests of the layers that map them.
func Codes() []Code {
	return []Code{
		CodeInvalid, CodeUnauthenticated, CodeForbidden, CodeNotFound, CodeConflict, CodeKeyReused, CodeKeyInUse,
		CodePreconditionFailed, CodePreconditionRequired, CodeTooLarge, CodeRateLimited, CodeRetrySameKey,
		CodeUnavailable, CodeInternal,
	}
}

// Passing reports whether the same request may succeed later without anybody changing it.
func (c Code) Passing() bool {
	switch c {
	case CodeRateLimited, CodeRetrySameKey, CodeUnavailable, CodeInternal, CodeKeyInUse:
		return true
	case CodeInvalid, CodeUnauthenticated, CodeForbidden, CodeNotFound, CodeConflict, CodeKeyReused,
		CodePreconditionFailed, CodePreconditionRequired, CodeTooLarge:
		return false
	}
	return false
}

// FieldError says what is wrong with one field. Pointer is a JSON pointer into the request body (`/lines/0/quantity`), or the
// bare name of a query parameter or column.
type FieldError struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// Error is a failure that a caller may see: Detail and Fields are written for people and show no internals.
type Error struct {
	Code            Code
	Detail          string
	Fields          []FieldError
	AllowedCommands []string      // with CodeConflict on a process noun: what its state allows now
	Permission      Permission    // with CodeForbidden: what the actor lacks, where one permission is it
	RetryAfter      time.Duration // with a passing code: when it may succeed; 0 leaves it open
}

// Error implements error.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString(string(e.Code) + ": " + e.Detail)
	for _, f := range e.Fields {
		text.WriteString("; " + f.Pointer + ": " + f.Detail)
	}
	return text.String()
}

// ErrorCode returns the code of the first Error in err's chain, CodeInternal for any other error and "" for nil.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// NotFound says that the tenant has no such noun.
func NotFound(noun string) *Error {
	return &Error{Code: CodeNotFound, Detail: "There is no such " + words(noun) + "."}
}

// Blank reports whether a text holds nothing that a reader can see: it counts as missing.
func Blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

func words(identifier string) string { return strings.ReplaceAll(identifier, "_", " ") }

// Conflict says that the state of things forbids the request.
func Conflict(format string, args ...any) *Error {
	return &Error{Code: CodeConflict, Detail: fmt.Sprintf(format, args...)}
}

// Forbidden says that the actor may not do this.
func Forbidden(format string, args ...any) *Error {
	return &Error{Code: CodeForbidden, Detail: fmt.Sprintf(format, args...)}
}

// Lacks says that the actor may not do this without that permission.
func Lacks(permission Permission) *Error {
	e := Forbidden("This needs the permission %s.", permission)
	e.Permission = permission
	return e
}

// Invalid says that the input breaks a rule, one FieldError a fault.
func Invalid(fields ...FieldError) *Error {
	return &Error{Code: CodeInvalid, Detail: "The request has invalid fields.", Fields: fields}
}

// InvalidField is Invalid for a single fault: pointer, a short code and a sentence.
func InvalidField(pointer, code, format string, args ...any) *Error {
	return Invalid(FieldError{Pointer: pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// InvalidConflict says that a field's value collides with another row's.
func InvalidConflict(pointer, code, format string, args ...any) *Error {
	e := InvalidField(pointer, code, format, args...)
	e.Code = CodeConflict
	e.Detail = e.Fields[0].Detail
	return e
}

// Faults collects field errors so that one answer names them all.
type Faults []FieldError

// Add notes a fault at pointer when bad is true.
func (f *Faults) Add(bad bool, pointer, code, format string, args ...any) {
	if bad {
		*f = append(*f, FieldError{Pointer: pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
	}
}

// Err returns an Invalid error with all noted faults, or nil when there are none.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return Invalid(f...)
}

// AsError returns the Error in err's chain, nil where there is none.
func AsError(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

package activities

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	"mainstay/models"
)

// Failure is the detail of a refusal as it travels through Temporal.
type Failure struct {
	Fields          []models.FieldError `json:"fields,omitempty"`
	AllowedCommands []string            `json:"allowed_commands,omitempty"`
}

// failed turns an error of the layers below into a Temporal application error whose type is the models code. A refusal is
// permanent and benign (no alarm); what may pass is retried. The outermost error decides about retries, so nothing wraps the
// result.
func failed(err error) error {
	if err == nil {
		return nil
	}
	code := models.ErrorCode(err)
	e, known := errors.AsType[*models.Error](err)
	if !known {
		return temporal.NewApplicationErrorWithCause("internal", string(code), err)
	}
	options := temporal.ApplicationErrorOptions{
		NonRetryable: !code.Passing(),
		Details:      []any{Failure{Fields: e.Fields, AllowedCommands: e.AllowedCommands}},
	}
	if options.NonRetryable {
		options.Category = temporal.ApplicationErrorCategoryBenign
	}
	return temporal.NewApplicationErrorWithOptions(e.Detail, string(code), options)
}

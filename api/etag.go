package api

import (
	"fmt"
	"strconv"
	"strings"

	"mainstay/models"
)

// etag is a row's version as an entity tag.
func etag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// IfMatch is the precondition of PATCH and DELETE: the version that the client has seen.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"the ETag of the version that was read; needed"`
}

// version reads the header; without it the request is refused, so that nobody overwrites what he has not seen.
func (m IfMatch) version() (int, error) {
	if m.IfMatch == "" {
		return 0, &models.Error{Code: models.CodePreconditionRequired, Detail: "If-Match is needed: send the ETag of the version you read."}
	}
	v, err := parseETag(m.IfMatch)
	if err != nil {
		return 0, err
	}
	return *v, nil
}

// MaybeIfMatch is the same for commands, where it may be left out.
type MaybeIfMatch struct {
	IfMatch string `header:"If-Match" doc:"the ETag of the version that was read; refuses any other"`
}

func (m MaybeIfMatch) version() (*int, error) {
	if m.IfMatch == "" || m.IfMatch == "*" {
		return nil, nil //nolint:nilnil // no precondition
	}
	return parseETag(m.IfMatch)
}

func parseETag(text string) (*int, error) {
	v, err := strconv.Atoi(strings.Trim(text, `"`))
	if err != nil || text != fmt.Sprintf(`"%d"`, v) {
		return nil, &models.Error{Code: models.CodePreconditionFailed, Detail: "If-Match names no version of this."}
	}
	return &v, nil
}

// unchanged refuses a command whose If-Match names another version of the noun than it has.
func unchanged(noun string, wanted *int, is int) error {
	if wanted == nil || *wanted == is {
		return nil
	}
	return &models.Error{Code: models.CodePreconditionFailed, Detail: "The " + noun + " was changed meanwhile."}
}

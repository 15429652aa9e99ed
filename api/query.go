package api

import (
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// queryIDs reads the ids of a repeated parameter (declare it as []string with the explode tag: Huma reads no list of UUIDs); a
// fault names the parameter.
func queryIDs(faults *models.Faults, name string, texts []string) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(texts))
	for _, text := range texts {
		id, err := uuid.Parse(text)
		faults.Add(err != nil, name, "format", "This is not an id.")
		ids = append(ids, id)
	}
	return ids
}

// queryID reads an optional id of a query.
func queryID(name, text string) (*uuid.UUID, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // it was not given
	}
	var faults models.Faults
	ids := queryIDs(&faults, name, []string{text})
	return &ids[0], faults.Err()
}

// queryPeople reads users' ids, where «me» is the actor.
func queryPeople(faults *models.Faults, name string, texts []string, actor models.Actor) []uuid.UUID {
	people := make([]uuid.UUID, 0, len(texts))
	for _, text := range texts {
		id, err := actor.UserID, error(nil)
		if text != "me" {
			id, err = uuid.Parse(text)
		}
		faults.Add(err != nil, name, "format", "This is neither a user's id nor me.")
		people = append(people, id)
	}
	return people
}

// queryDate reads an optional date of a query; a fault names the parameter.
func queryDate(faults *models.Faults, name, text string) *models.Date {
	if text == "" {
		return nil
	}
	date, err := models.ParseDate(text)
	if err != nil {
		faults.Add(true, name, "format", "%s", sentence(err.Error()))
		return nil
	}
	return &date
}

// queryInstant reads an optional instant of a query; a plain date stands for the beginning of that day in UTC, or of the one
// that many days later. A fault names the parameter.
func queryInstant(faults *models.Faults, name, text string, days int) *time.Time {
	if text == "" {
		return nil
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return new(at.UTC())
	}
	day, err := time.Parse(time.DateOnly, text)
	faults.Add(err != nil, name, "format", "This is neither an instant (RFC 3339) nor a date.")
	return new(day.AddDate(0, 0, days))
}

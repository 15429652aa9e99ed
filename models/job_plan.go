package models

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// JobPlan is how a job is done: its steps in the order of work and the hours it takes. Maintenance schedules point to it.
type JobPlan struct {
	Record
	Code         string
	Name         string
	Description  string
	PlannedHours *decimal.Decimal
	Steps        json.RawMessage `gorm:"type:jsonb"` // []JobStep
}

// JobStep is one step of a job plan.
type JobStep struct {
	Text string `json:"text" minLength:"1" maxLength:"2000"`
}

// SetSteps keeps the steps in their order.
func (p *JobPlan) SetSteps(steps []JobStep) error {
	if steps == nil {
		steps = []JobStep{}
	}
	text, err := json.Marshal(steps)
	p.Steps = text
	return err
}

// StepList reads the steps.
func (p *JobPlan) StepList() ([]JobStep, error) {
	steps := []JobStep{}
	return steps, json.Unmarshal(p.Steps, &steps)
}

// Validate checks what can be checked without the database.
func (p *JobPlan) Validate() error {
	return append(nameFaults(p.Code, p.Name), hoursFaults(p.PlannedHours)...).Err()
}

package models

// DrillFault is what a drill spoils on purpose of what it reads, before it restores. What is stored stays as it is. Such a drill shows that
// the fault would be found; it proves no backup and never passes.
type DrillFault string

// Faults of a drill.
const (
	DrillNoFault        DrillFault = ""
	DrillMissingSegment DrillFault = "missing_segment" // of the WAL between the backup and the target
	DrillFlippedByte    DrillFault = "flipped_byte"    // of a stored WAL segment, or of the stored dump
	DrillWrongKey       DrillFault = "wrong_key"
	DrillTruncatedDump  DrillFault = "truncated_dump"
)

// DrillFaults are all of them.
var DrillFaults = []DrillFault{DrillMissingSegment, DrillFlippedByte, DrillWrongKey, DrillTruncatedDump}

// faultChecks are the sources that a fault can be tried on, with the check that has to go red for it.
var faultChecks = map[DrillFault]map[DrillSource]string{
	DrillMissingSegment: {DrillOfPhysical: "archive"},
	DrillFlippedByte:    {DrillOfPhysical: "replay", DrillOfDump: "object"},
	DrillWrongKey:       {DrillOfPhysical: "repository", DrillOfDump: "decrypt"},
	DrillTruncatedDump:  {DrillOfDump: "object"},
}

// RedCheck names the check that has to go red for the fault in a drill of this source; empty where it cannot be tried on it.
func (f DrillFault) RedCheck(s DrillSource) string { return faultChecks[f][s] }

// OnlySource is the one source that the fault can be tried on, DrillOfEither where there are several.
func (f DrillFault) OnlySource() DrillSource {
	of := faultChecks[f]
	if len(of) == 1 {
		for s := range of {
			return s
		}
	}
	return DrillOfEither
}

func (f DrillFault) check(r DrillRequest, faults *Faults) {
	if f == DrillNoFault {
		return
	}
	if faultChecks[f] == nil {
		faults.Add(true, "/fault", "enum", "A drill spoils a missing_segment, a flipped_byte, a wrong_key or a truncated_dump.")
		return
	}
	faults.Add(r.Source != DrillOfEither && f.RedCheck(r.Source) == "", "/fault", "unsupported", "That cannot be spoilt of this source.")
	faults.Add(r.TargetTime != nil && f.RedCheck(DrillOfPhysical) == "", "/target_time", "unsupported",
		"A dump is one moment; only physical backups restore to a chosen time.")
}

// FaultEvidence is what became of a fault.
type FaultEvidence struct {
	Spoilt   string `json:"spoilt"`              // in words; empty where it did not come to it
	Expected string `json:"expected,omitempty"`  // the check that has to go red
	Red      string `json:"red_check,omitempty"` // the first that did
}

// Found judges a drill with a fault by its checks: whether the check that has to go red for it was the first that did. Nil: neither that check
// nor another went red or passed, so that nothing is known. Something that was red before anything was spoilt is not the fault.
func (e *FaultEvidence) Found(checks []DrillCheck) *bool {
	found, passed := false, false
	for _, c := range checks {
		if c.Verdict == DrillFail {
			e.Red = c.Name
			found = e.Spoilt != "" && c.Name == e.Expected
			return &found
		}
		passed = passed || c.Verdict == DrillPass && c.Name == e.Expected
	}
	if passed && e.Spoilt != "" {
		return &found
	}
	return nil
}

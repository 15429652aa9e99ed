package models

import "time"

// lookAgain is when a process that waits for messages alone looks at its row, so that every open process has a time to be poked at.
const lookAgain = 30 * 24 * time.Hour

// nextActionAt is a row's time of the next automatic step: none where the process is over.
func nextActionAt(over bool, at time.Time) *time.Time {
	if over {
		return nil
	}
	return &at
}

// stepAfter is the automatic step of a subject that follows from how its approval case ended; "" while the case is open.
func stepAfter[A ~string](status ApprovalStatus, approved, rejected, undecided A) A {
	switch status {
	case ApprovalApproved:
		return approved
	case ApprovalRejected:
		return rejected
	case ApprovalWithdrawn, ApprovalExpired, ApprovalVoid:
		return undecided
	case ApprovalOpen:
	}
	return ""
}

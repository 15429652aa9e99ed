//go:build !web

// Package web holds the built frontend, where the build tag web was set.
package web

import "io/fs"

// Files returns the built frontend, nil in a binary that was built without it.
func Files() fs.FS { return nil }

// LockFile is the lock file of the packages that the frontend was built from, empty in a binary that was built without it.
func LockFile() []byte { return nil }

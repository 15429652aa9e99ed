//go:build web

// Package web holds the built frontend, where the build tag web was set.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed package-lock.json
var lockFile []byte

// LockFile is the lock file of the packages that the frontend was built from, empty in a binary that was built without it.
func LockFile() []byte { return lockFile }

// Files returns the built frontend, nil in a binary that was built without it.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder's name is valid
	}
	return files
}

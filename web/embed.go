//go:build web

// Package web holds the built frontend, where the build tag web was set.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the built frontend, nil in a binary that was built without it.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder's name is valid
	}
	return files
}

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
)

// version is the release the binary was built from; the linker sets it.
var version = "dev"

type versionCommand struct {
	Output string `enum:"text,json" default:"text" help:"text or json."`
}

func (c *versionCommand) Run() error {
	if c.Output == "json" {
		return json.NewEncoder(os.Stdout).Encode(map[string]string{"version": version, "go": runtime.Version()})
	}
	_, err := fmt.Println("mainstay", version, runtime.Version())
	return err
}

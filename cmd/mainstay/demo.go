package main

type demoCommand struct {
	Load demoLoadCommand `cmd:"" help:"Load the demo company."`
}

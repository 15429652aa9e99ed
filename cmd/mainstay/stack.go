package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"

	"mainstay/internal/config"
	"mainstay/internal/lan"
	"mainstay/internal/stack"
	"mainstay/web"
)

type stackCommand struct {
	Up    stackUpCommand    `cmd:"" help:"Run the whole local stack in the foreground until it is interrupted."`
	Build stackBuildCommand `cmd:"" help:"Build what the local stack runs beside this program."`
	Exec  stackExecCommand  `cmd:"" help:"Run a command against a stack of its own on free ports, then stop the stack."`
}

type stackUpCommand struct {
	LAN    bool              `help:"Serve the local network too, with TLS from an authority of this installation."`
	Reload bool              `help:"Start the API and the workers anew whenever this program's file has changed."`
	Beside map[string]string `mapsep:"none" placeholder:"NAME=COMMAND" help:"A shell command that runs and stops with the stack; may be repeated."`
}

func (c *stackUpCommand) Run(ctx context.Context) error {
	settings, err := config.Load(os.LookupEnv)
	if err != nil {
		return &exitError{code: exitUsage, err: err}
	}
	if c.LAN && settings.LANAddr == "" {
		address, err := lan.Address()
		if err != nil {
			return &exitError{code: exitUsage, err: fmt.Errorf("%w; name one in MAINSTAY_LAN_ADDR", err)}
		}
		settings.LANAddr = netip.AddrPortFrom(address, lanPort).String()
	}
	if settings.LANAddr != "" && os.Getenv("MAINSTAY_PUBLIC_URL") == "" {
		settings.PublicURL = "https://" + settings.LANAddr
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return stack.Up(ctx, stack.UpOptions{
		Config: settings, Program: program, Web: web.Files() != nil, Reload: c.Reload, Beside: c.Beside, Output: os.Stdout,
	})
}

type stackBuildCommand struct{}

func (*stackBuildCommand) Run(ctx context.Context) error {
	return stack.Build(ctx, func(line string) { fmt.Fprintln(os.Stderr, line) })
}

type stackExecCommand struct {
	Durable bool     `help:"Relax no durability setting and keep Temporal in PostgreSQL, as the running stack does."`
	Dir     string   `help:"Folder for the stack's data while it runs; the system's temporary folder where unset."`
	Command []string `arg:"" passthrough:"" help:"The command and its arguments, behind --."`
}

func (c *stackExecCommand) Run(ctx context.Context) error {
	command := c.Command
	if command[0] == "--" {
		command = command[1:]
	}
	code, err := stack.Exec(ctx, stack.ExecOptions{Command: command, Durable: c.Durable, Dir: c.Dir})
	if err != nil {
		return &exitError{code: exitDependency, err: err}
	}
	if code != 0 {
		return &exitError{code: code}
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/google/uuid"
)

type exportCommand struct {
	remote
	Kind   string   `arg:"" help:"The list: assets, work-orders, locations, costs, ..."`
	File   string   `short:"o" required:"" help:"File to write; - is standard output."`
	Format string   `enum:"csv,xlsx" default:"csv" help:"csv or xlsx."`
	Filter []string `placeholder:"NAME=VALUE" help:"Narrows the list; several values of a name are OR."`
	Output string   `enum:"text,json" default:"text" help:"What is said about the export: text or json."`
}

// Help implements kong.HelpProvider.
func (exportCommand) Help() string {
	return "Writes a list of a running installation into a file. Exit codes: 0 done, 1 refused or failed, 2 usage, 3 the API is away."
}

type exportState struct {
	ID         uuid.UUID `json:"id"`
	Status     string    `json:"status"`
	RowsTotal  int       `json:"rows_total"`
	Failure    string    `json:"failure,omitempty"`
	ContentURL *string   `json:"content_url"`
}

// Run asks for the export, waits and downloads.
func (c *exportCommand) Run(ctx context.Context) error {
	filter := map[string][]string{}
	for _, f := range c.Filter {
		name, value, ok := strings.Cut(f, "=")
		if !ok {
			return &exitError{exitUsage, fmt.Errorf("a filter has the form NAME=VALUE, not %q", f)}
		}
		filter[name] = append(filter[name], value)
	}
	var x exportState
	if err := c.call(ctx, http.MethodPost, "/v1/exports", map[string]any{"kind": c.Kind, "format": c.Format, "filter": filter}, &x); err != nil {
		return err
	}
	for x.Status == "running" {
		if err := c.again(ctx, "/v1/exports/"+x.ID.String(), &x); err != nil {
			return err
		}
	}
	if x.ContentURL == nil {
		return fmt.Errorf("the export is %s: %s", x.Status, x.Failure)
	}
	if err := c.download(ctx, *x.ContentURL); err != nil {
		return err
	}
	if c.Output == "json" {
		return json.NewEncoder(os.Stderr).Encode(x)
	}
	fmt.Fprintf(os.Stderr, "%d rows\n", x.RowsTotal)
	return nil
}

func (c *exportCommand) download(ctx context.Context, path string) error {
	response, err := c.send(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if c.File == "-" {
		_, err = io.Copy(os.Stdout, response.Body)
		return err
	}
	file, err := os.Create(c.File)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	_, err = io.Copy(file, response.Body)
	return errors.Join(err, file.Close())
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/google/uuid"
)

type importCommand struct {
	remote
	File    string `arg:"" type:"existingfile" help:"CSV in UTF-8 with a header."`
	Kind    string `required:"" enum:"assets,work-orders,locations,maintenance-schedules,meters,meter-readings,users,items,suppliers,opening-stock" help:"What the rows are: ${enum}."`
	Mapping string `type:"existingfile" help:"JSON file: which column is which field. Without it columns meet the fields of their names."`
	DryRun  bool   `help:"Check only."`
	Output  string `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (importCommand) Help() string {
	return "Sends a file to a running installation and follows its import. The same file twice changes nothing. " +
		"Exit codes: 0 all rows are in order, 1 rows failed or the file was refused, 2 usage, 3 the API is away."
}

// importState is what the API says about an import.
type importState struct {
	ID          uuid.UUID `json:"id"`
	Status      string    `json:"status"`
	RowsTotal   int       `json:"rows_total"`
	RowsDone    int       `json:"rows_done"`
	RowsOK      int       `json:"rows_ok"`
	RowsFailed  int       `json:"rows_failed"`
	RowsChanged int       `json:"rows_changed"`
	ErrorsURL   *string   `json:"errors_url"`
	Failure     string    `json:"failure,omitempty"`
}

// Run uploads, follows and reports.
func (c *importCommand) Run(ctx context.Context) error {
	i, err := c.upload(ctx)
	if err != nil {
		return err
	}
	if i, err = c.follow(ctx, i); err != nil {
		return err
	}
	if err := c.report(ctx, i); err != nil {
		return err
	}
	if i.RowsFailed > 0 || (i.Status != "completed" && i.Status != "validated") {
		return &exitError{code: exitFound}
	}
	return nil
}

func (c *importCommand) upload(ctx context.Context) (importState, error) {
	var i importState
	mapping := []byte("{}")
	if c.Mapping != "" {
		var err error
		if mapping, err = os.ReadFile(c.Mapping); err != nil {
			return i, &exitError{exitUsage, err}
		}
	}
	boundary := uuid.NewString()
	response, err := c.send(ctx, http.MethodPost, "/v1/imports", "multipart/form-data; boundary="+boundary, func() (io.ReadCloser, error) {
		file, err := os.Open(c.File)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		reader, writer := io.Pipe()
		go func() {
			defer func() { _ = file.Close() }()
			writer.CloseWithError(c.form(writer, boundary, file, mapping))
		}()
		return reader, nil
	})
	if err != nil {
		return i, err
	}
	defer func() { _ = response.Body.Close() }()
	return i, json.NewDecoder(response.Body).Decode(&i)
}

func (c *importCommand) form(to io.Writer, boundary string, file io.Reader, mapping []byte) error {
	form := multipart.NewWriter(to)
	if err := form.SetBoundary(boundary); err != nil {
		return err
	}
	for _, field := range [][2]string{{"kind", c.Kind}, {"mapping", string(mapping)}, {"dry_run", strconv.FormatBool(c.DryRun)}} {
		if err := form.WriteField(field[0], field[1]); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile("file", filepath.Base(c.File))
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, file); err != nil {
		return err
	}
	return form.Close()
}

// follow waits until the import is at its end and draws how far it is.
func (c *importCommand) follow(ctx context.Context, i importState) (importState, error) {
	bar := newProgress()
	defer bar.end()
	for i.Status == "validating" || i.Status == "running" {
		bar.draw(i.Status, i.RowsDone, i.RowsTotal, fmt.Sprintf("rows, %d failed", i.RowsFailed))
		if err := c.again(ctx, "/v1/imports/"+i.ID.String(), &i); err != nil {
			return i, err
		}
	}
	bar.draw(i.Status, i.RowsDone, i.RowsTotal, fmt.Sprintf("rows, %d failed", i.RowsFailed))
	return i, nil
}

// report prints the outcome, and the row errors to standard error.
func (c *importCommand) report(ctx context.Context, i importState) error {
	if c.Output == "json" {
		return json.NewEncoder(os.Stdout).Encode(i)
	}
	fmt.Printf("%s: %d rows, %d in order, %d changed, %d failed\n", i.Status, i.RowsTotal, i.RowsOK, i.RowsChanged, i.RowsFailed)
	if i.Failure != "" {
		fmt.Fprintln(os.Stderr, i.Failure)
	}
	if i.ErrorsURL == nil {
		return nil
	}
	response, err := c.send(ctx, http.MethodGet, *i.ErrorsURL, "", nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	_, err = io.Copy(os.Stderr, response.Body)
	return err
}

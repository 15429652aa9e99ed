package pgbackrest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"mainstay/models"
)

// spoilt is what a client reads of one WAL segment instead of what the repository has: a repository of its own, with nothing but that segment,
// or without it.
type spoilt struct {
	segment string
	path    string
	missing bool
}

// arguments lead a command that reads a segment to where it is to read.
func (s *spoilt) arguments(name string) []string {
	if s == nil || s.segment != name {
		return nil
	}
	return []string{"--repo1-type=posix", "--repo1-path=" + s.path, "--reset-repo1-host"}
}

// inShell does the same in a restore_command: what stands before pgBackRest, and among its arguments.
func (s *spoilt) inShell() (before, argument string) {
	if s == nil {
		return "", ""
	}
	before = "set --; [ %f != " + s.segment + " ] || set --"
	for _, a := range s.arguments(s.segment) {
		option, value, _ := strings.Cut(a, "=")
		if before += " " + option; value != "" {
			before += "=" + shell(value)
		}
	}
	return before + "; ", ` "$@"`
}

func (s *spoilt) hides(name string) bool { return s != nil && s.missing && s.segment == name }

// WithKey returns a client that opens the repository with another key than its configuration's. Both read the same.
func (c *Client) WithKey(cipherPass string) *Client {
	other := *c
	other.cipherPass = cipherPass
	return &other
}

// WithoutSegment returns a client to whom the repository lacks a WAL segment, and so it does to the servers that it restores. The repository
// stays as it is: dir, which does not exist, takes what is read instead and has to stay until the last of them is gone.
func (c *Client) WithoutSegment(ctx context.Context, s Segment, dir string) (*Client, error) {
	view, err := c.apart(ctx, s, dir)
	if err != nil {
		return nil, err
	}
	view.spoilt.missing = true
	err = view.FetchSegment(ctx, s.Name, filepath.Join(dir, s.Name))
	switch {
	case err == nil:
		return nil, fmt.Errorf("pgbackrest: the WAL segment %s is in the copy that is to lack it", s.Name)
	case models.ErrorCode(err) != models.CodeNotFound:
		return nil, err
	}
	return view, nil
}

// WithFlippedByte is [Client.WithoutSegment] for a WAL segment of whose stored object a bit of the byte `at` is another. Before that the copy
// reads as what was archived: [ErrDamaged] where it does not.
func (c *Client) WithFlippedByte(ctx context.Context, s Segment, dir string) (view *Client, at int, err error) {
	if view, err = c.apart(ctx, s, dir); err != nil {
		return nil, 0, err
	}
	content, err := view.copy(ctx, c, s.Object)
	if err != nil {
		return nil, 0, err
	}
	if err := view.VerifySegment(ctx, s, dir, func(string) error { return nil }); err != nil {
		return nil, 0, err
	}
	at = len(content) / 2
	content[at] ^= 1
	return view, at, os.WriteFile(filepath.Join(view.spoilt.path, s.Object), content, 0o600)
}

// apart returns a client that reads a segment from a repository below dir, which knows the cluster and has no segment.
func (c *Client) apart(ctx context.Context, s Segment, dir string) (*Client, error) {
	if err := c.OwnDir(dir); err != nil {
		return nil, err
	}
	view := *c
	view.spoilt = &spoilt{segment: s.Name, path: filepath.Join(dir, "repository")}
	if err := c.OwnDir(view.spoilt.path); err != nil {
		return nil, err
	}
	_, err := view.copy(ctx, c, "archive/"+c.Stanza+"/archive.info")
	return &view, err
}

// copy takes an object of the repository, as it is stored, over into the one apart.
func (c *Client) copy(ctx context.Context, from *Client, object string) ([]byte, error) {
	var stored bytes.Buffer
	if err := from.run(ctx, "repo-get", []string{"--raw", object}, &stored); err != nil {
		return nil, err
	}
	dir := c.spoilt.path
	for part := range strings.SplitSeq(path.Dir(object), "/") {
		dir = filepath.Join(dir, part)
		if err := c.OwnDir(dir); err != nil {
			return nil, err
		}
	}
	file := filepath.Join(dir, path.Base(object))
	if err := os.WriteFile(file, stored.Bytes(), 0o600); err != nil {
		return nil, err
	}
	owner, err := OwnerOf(c.Config)
	if err != nil || owner == nil {
		return stored.Bytes(), err
	}
	return stored.Bytes(), os.Chown(file, int(owner.Uid), int(owner.Gid))
}

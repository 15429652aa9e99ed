package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/recovery"
)

var commitPattern = regexp.MustCompile(`tx: +(\d+), lsn: ([0-9A-F]+/[0-9A-F]+), .* desc: COMMIT(?:_PREPARED)? .*?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+) UTC`)

// LastArchivedCommit is LastCommit of a segment that lies in the archive. file, which has the segment's name, is where it stands meanwhile.
func (t Tools) LastArchivedCommit(ctx context.Context, archive *pgbackrest.Client, segment pgbackrest.Segment, file string) (*recovery.Commit, error) {
	if err := archive.ReadSegment(ctx, segment, file); err != nil {
		return nil, err
	}
	commit, err := t.LastCommit(ctx, file)
	return commit, errors.Join(err, os.Remove(file))
}

// LastCommit finds the last transaction that ended in a WAL segment, which stands alone in a file of its name; nil where none did. A record that
// goes on in the next segment does not count.
func (t Tools) LastCommit(ctx context.Context, file string) (*recovery.Commit, error) {
	var out bytes.Buffer
	err := t.run(ctx, "pg_waldump", []string{"--rmgr=Transaction", file}, []string{"TZ=UTC"}, &out)
	// The tool fails where the records end, in the file or behind it: it always does.
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		return nil, err
	}
	found := commitPattern.FindAllSubmatch(out.Bytes(), -1)
	if len(found) == 0 {
		if out.Len() == 0 && err != nil && !strings.Contains(err.Error(), "error in WAL record") &&
			!strings.Contains(err.Error(), "could not find") {
			return nil, err
		}
		return nil, nil //nolint:nilnil // no transaction ended here
	}
	last := found[len(found)-1]
	xid, err := strconv.ParseUint(string(last[1]), 10, 32)
	if err != nil {
		return nil, err
	}
	at, err := time.Parse("2006-01-02 15:04:05.999999", string(last[3]))
	if err != nil {
		return nil, fmt.Errorf("pg_waldump: %w", err)
	}
	return &recovery.Commit{LSN: string(last[2]), At: at, XID: uint32(xid)}, nil
}

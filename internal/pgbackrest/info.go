package pgbackrest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Backup is one backup as the repository has it.
type Backup struct {
	Label string
	ID    string // that its maker gave it; empty where another made it
	Kind  Kind
	// The backup is consistent once WAL from StartLSN to StopLSN is replayed.
	StartLSN, StopLSN         string
	StartSegment, StopSegment string
	StartedAt, StoppedAt      time.Time
	DatabaseBytes             int64    // of the cluster
	CopiedBytes               int64    // of it that this backup copied
	StoredBytes               int64    // in the repository, with the backups it refers to
	StoredDelta               int64    // of them that this backup added
	References                []string // labels of the backups it needs
	Damaged                   bool     // a page checksum was wrong when it was made
}

// Info is what the repository has.
type Info struct {
	SystemID  string // of the cluster; empty before the stanza is made
	Archive   string // name of the cluster's archive in the repository
	Backups   []Backup
	Encrypted bool
}

type infoDocument []struct {
	Archive []struct {
		ID string `json:"id"`
	} `json:"archive"`
	Backup []struct {
		Annotation map[string]string `json:"annotation"`
		Archive    struct {
			Start string `json:"start"`
			Stop  string `json:"stop"`
		} `json:"archive"`
		Error bool `json:"error"`
		Info  struct {
			Delta      int64 `json:"delta"`
			Repository struct {
				Delta int64 `json:"delta"`
				Size  int64 `json:"size"`
			} `json:"repository"`
			Size int64 `json:"size"`
		} `json:"info"`
		Label string `json:"label"`
		LSN   struct {
			Start string `json:"start"`
			Stop  string `json:"stop"`
		} `json:"lsn"`
		Reference []string `json:"reference"`
		Timestamp struct {
			Start int64 `json:"start"`
			Stop  int64 `json:"stop"`
		} `json:"timestamp"`
		Type Kind `json:"type"`
	} `json:"backup"`
	Cipher string `json:"cipher"`
	DB     []struct {
		ID       int         `json:"id"`
		SystemID json.Number `json:"system-id"` //nolint:tagliatelle // pgBackRest's
		Version  string      `json:"version"`
	} `json:"db"`
	Repo []struct {
		Status struct {
			Message string `json:"message"`
		} `json:"status"`
	} `json:"repo"`
	Status struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"status"`
}

// Codes of a stanza's status.
const (
	statusOK        = 0
	statusNoStanza  = 1
	statusNoBackups = 2
)

// ErrNoStanza says that the repository knows nothing of the cluster yet.
var ErrNoStanza = errors.New("pgbackrest: the repository has no stanza: it is made when the stack starts, or by `pgbackrest stanza-create`")

// Info lists the backups, oldest first. ErrNoStanza: there is no repository for this cluster. A key that does not open it is an error.
func (c *Client) Info(ctx context.Context) (Info, error) {
	var out bytes.Buffer
	if err := c.run(ctx, "info", []string{"--output=json"}, &out); err != nil {
		return Info{}, err
	}
	return parseInfo(out.Bytes())
}

func parseInfo(text []byte) (Info, error) {
	var document infoDocument
	if err := json.Unmarshal(text, &document); err != nil {
		return Info{}, fmt.Errorf("pgbackrest: what the repository opens to is no text, as with another key: %w", err)
	}
	if len(document) == 0 || document[0].Status.Code == statusNoStanza {
		return Info{}, ErrNoStanza
	}
	stanza := document[0]
	if stanza.Status.Code != statusOK && stanza.Status.Code != statusNoBackups {
		var said []string
		for _, repo := range stanza.Repo {
			said = append(said, readable(repo.Status.Message))
		}
		why := strings.Join(said, " ")
		if strings.Contains(why, "CryptoError") && !strings.Contains(why, "certificate") {
			why = "perhaps the key is another: " + why
		}
		return Info{}, fmt.Errorf("pgbackrest: the repository cannot be read: %s", why)
	}
	info := Info{Encrypted: stanza.Cipher != "none"}
	if n := len(stanza.DB); n > 0 {
		info.SystemID = stanza.DB[n-1].SystemID.String()
		info.Archive = fmt.Sprintf("%s-%d", stanza.DB[n-1].Version, stanza.DB[n-1].ID)
	}
	for _, b := range stanza.Backup {
		info.Backups = append(info.Backups, Backup{
			Label: b.Label, ID: b.Annotation[annotation], Kind: b.Type, StartLSN: b.LSN.Start, StopLSN: b.LSN.Stop,
			StartSegment: b.Archive.Start, StopSegment: b.Archive.Stop,
			StartedAt: time.Unix(b.Timestamp.Start, 0).UTC(), StoppedAt: time.Unix(b.Timestamp.Stop, 0).UTC(),
			DatabaseBytes: b.Info.Size, CopiedBytes: b.Info.Delta, StoredBytes: b.Info.Repository.Size, StoredDelta: b.Info.Repository.Delta,
			References: b.Reference, Damaged: b.Error,
		})
	}
	return info, nil
}

// Segment is a WAL segment in the archive.
type Segment struct {
	Name   string // 24 hex digits: timeline and place
	SHA1   string // of its content, hex
	Object string // its file in the repository, below the repository's path
}

var segmentPattern = regexp.MustCompile(`^([0-9A-F]{24})-([0-9a-f]{40})(\.\w+)?$`)

// Segments lists what the archive really holds, by name: the repository's files, not what a server believes to have sent.
func (c *Client) Segments(ctx context.Context, info Info) ([]Segment, error) {
	where := "archive/" + c.Stanza + "/" + info.Archive
	var out bytes.Buffer
	if err := c.run(ctx, "repo-ls", []string{"--recurse", "--output=json", where}, &out); err != nil {
		return nil, err
	}
	found, err := parseSegments(out.Bytes(), where)
	return slices.DeleteFunc(found, func(s Segment) bool { return c.spoilt.hides(s.Name) }), err
}

func parseSegments(text []byte, where string) ([]Segment, error) {
	var files map[string]struct{} // each a document of its own, of which the name says all
	if err := json.Unmarshal(text, &files); err != nil {
		return nil, fmt.Errorf("pgbackrest: repo-ls: %w", err)
	}
	var found []Segment
	for name := range files {
		if m := segmentPattern.FindStringSubmatch(path.Base(name)); m != nil {
			found = append(found, Segment{Name: m[1], SHA1: m[2], Object: path.Join(where, name)})
		}
	}
	slices.SortFunc(found, func(a, b Segment) int { return strings.Compare(a.Name, b.Name) })
	return found, nil
}

// Missing names the segments from the first to the last that the archive lacks on each timeline between theirs, oldest first. PostgreSQL
// takes the first of them for the end of the archive. segmentBytes is the cluster's wal_segment_size.
func Missing(have []Segment, first, last string, segmentBytes int64) ([]string, error) {
	fromTimeline, from, err := placeOf(first, segmentBytes)
	if err != nil {
		return nil, err
	}
	toTimeline, to, err := placeOf(last, segmentBytes)
	if err != nil {
		return nil, err
	}
	there := map[int64]bool{}
	for _, s := range have {
		timeline, place, err := placeOf(s.Name, segmentBytes)
		if err != nil {
			return nil, err
		}
		if timeline >= fromTimeline && timeline <= toTimeline {
			there[place] = true
		}
	}
	var missing []string
	for place := from; place <= to; place++ {
		if !there[place] {
			missing = append(missing, nameOf(toTimeline, place, segmentBytes))
		}
	}
	return missing, nil
}

// logBytes is how much WAL the middle part of a segment's name counts.
const logBytes = 1 << 32

// placeOf is where a segment stands in the WAL, counted in segments.
func placeOf(name string, segmentBytes int64) (timeline, place int64, err error) {
	var parts [3]int64
	if len(name) != 24 || segmentBytes <= 0 {
		return 0, 0, fmt.Errorf("pgbackrest: %q is no WAL segment of %d bytes", name, segmentBytes)
	}
	for i := range parts {
		if parts[i], err = strconv.ParseInt(name[8*i:8*i+8], 16, 64); err != nil {
			return 0, 0, fmt.Errorf("pgbackrest: %q is no WAL segment: %w", name, err)
		}
	}
	return parts[0], parts[1]*(logBytes/segmentBytes) + parts[2], nil
}

// Before is the segment before another on its timeline.
func Before(name string, segmentBytes int64) (string, error) {
	timeline, place, err := placeOf(name, segmentBytes)
	if err != nil {
		return "", err
	}
	return nameOf(timeline, place-1, segmentBytes), nil
}

func nameOf(timeline, place, segmentBytes int64) string {
	perLog := logBytes / segmentBytes
	return fmt.Sprintf("%08X%08X%08X", timeline, place/perLog, place%perLog)
}

// ParseLSN reads a place in the WAL as PostgreSQL writes it, like 16/B374D848.
func ParseLSN(text string) (uint64, error) {
	high, low, ok := strings.Cut(text, "/")
	h, errHigh := strconv.ParseUint(high, 16, 32)
	l, errLow := strconv.ParseUint(low, 16, 32)
	if !ok || errHigh != nil || errLow != nil {
		return 0, fmt.Errorf("pgbackrest: %q is no place in the WAL", text)
	}
	return h<<32 | l, nil
}

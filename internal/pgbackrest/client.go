package pgbackrest

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // what pgBackRest names segments by
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/klauspost/compress/zstd"

	"mainstay/models"
)

// Install is the line that puts pgBackRest on this host.
const Install = "apt-get install pgbackrest"

// Client is pgBackRest on this host for one stanza, which is one database cluster.
type Client struct {
	Program string
	// Config is the configuration file: repository, key and cluster. See [Settings].
	Config string
	Stanza string
	// DatabaseURL is the login that backups connect as; only CreateStanza and Backup need it.
	DatabaseURL string

	cipherPass string  // empty: the configuration's
	spoilt     *spoilt // nil: what the repository has
}

// Find returns the program. CodeUnavailable, with the line that mends it: it is not installed.
func Find() (string, error) {
	program, err := exec.LookPath("pgbackrest")
	if err != nil {
		return "", &models.Error{Code: models.CodeUnavailable, Detail: "pgBackRest is not installed on this host: run `" + Install + "`."}
	}
	return program, nil
}

// Error is what pgBackRest ended with.
type Error struct {
	Command string
	Code    int // pgBackRest's own, which is its exit code
	Text    string
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("pgbackrest %s: code %d: %s", e.Command, e.Code, e.Text)
}

// Codes of pgBackRest that a caller tells apart.
const (
	codeNotFound = 1  // archive-get: the archive is there and the segment is not
	codeCrypto   = 31 // the key does not open it
	codeLocked   = 50 // another command works on the stanza
)

// IsLocked reports that another command works on the stanza.
func IsLocked(err error) bool { return hasCode(err, codeLocked) }

// What pgBackRest says where the storage does not answer, or a disk is full.
var awayPattern = regexp.MustCompile(`\[(ServiceError|HostConnectError)\]|unable to connect|unexpected eof while reading|TLS error|timeout|` +
	`Connection re(fused|set)|No space left on device|unable to write`)

// IsAway reports that the storage did not answer, or that a disk was full: nothing is said about what is stored, and another try may succeed.
func IsAway(err error) bool { return err != nil && awayPattern.MatchString(err.Error()) }

func hasCode(err error, code int) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}

// killedWithin is how long the pipes may stay open after the process group was killed.
const killedWithin = 5 * time.Second

// run runs one command. When ctx ends its whole process group is killed.
func (c *Client) run(ctx context.Context, command string, args []string, stdout io.Writer) error {
	owner, err := OwnerOf(c.Config)
	if err != nil {
		return fmt.Errorf("pgbackrest: the configuration cannot be read: %w", err)
	}
	env, err := c.environment()
	if err != nil {
		return err
	}
	all := append([]string{"--config=" + c.Config, "--stanza=" + c.Stanza, command}, args...)
	cmd := exec.CommandContext(ctx, c.Program, all...) //nolint:gosec // found by Find, arguments of this package
	cmd.Env, cmd.Dir = env, "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner}
	dieWithParent(cmd.SysProcAttr)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = killedWithin
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = stdout, &said
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // the parent's death is that of this thread
		defer runtime.UnlockOSThread()
		done <- cmd.Run()
	}()
	err = <-done
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 {
		return &Error{Command: command, Code: exit.ExitCode(), Text: readable(said.String())}
	}
	return fmt.Errorf("pgbackrest %s: %w: %s", command, err, readable(said.String()))
}

// readable is what a command said in one line, without its prefix.
func readable(text string) string {
	const limit = 1000
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if _, after, ok := strings.Cut(line, "]: "); ok && strings.HasPrefix(line, "ERROR: [") {
			line = after
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	joined := strings.Join(lines, " ")
	return joined[:min(len(joined), limit)]
}

// environment hands the login over where other users do not see it.
func (c *Client) environment() ([]string, error) {
	env := []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	if c.cipherPass != "" {
		env = append(env, "PGBACKREST_REPO1_CIPHER_PASS="+c.cipherPass)
	}
	if c.DatabaseURL == "" {
		return env, nil
	}
	u, err := url.Parse(c.DatabaseURL)
	if err != nil {
		return nil, errors.New("pgbackrest: the database URL cannot be read")
	}
	password, _ := u.User.Password()
	host := u.Hostname()
	if socket := u.Query().Get("host"); socket != "" {
		host = socket
	}
	return append(env, "PGHOST="+host, "PGPASSWORD="+password), nil
}

// OwnerOf returns whom root becomes before it touches the file: its owner. It is nil for an ordinary user, who stays who he is.
func OwnerOf(file string) (*syscall.Credential, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if os.Geteuid() != 0 || !ok {
		return nil, nil
	}
	return &syscall.Credential{Uid: stat.Uid, Gid: stat.Gid}, nil
}

// CreateStanza prepares the repository for the cluster, which must run. It can be repeated.
func (c *Client) CreateStanza(ctx context.Context) error {
	return c.run(ctx, "stanza-create", nil, io.Discard)
}

// ArchiveCommand is PostgreSQL's archive_command.
func (c *Client) ArchiveCommand() string {
	return fmt.Sprintf("%s --config=%s --stanza=%s archive-push \"%%p\"", shell(c.Program), shell(c.Config), shell(c.Stanza))
}

// restoreCommand is PostgreSQL's restore_command. pgBackRest ends with 1 where the archive has no such segment and with up to 125 where it
// could not look; PostgreSQL takes both for the end of the archive and would open a database that lacks what it did not get. What is no
// plain absence therefore ends with 200, which stops the server.
func (c *Client) restoreCommand(dataDir, lockDir string) string {
	choose, chosen := c.spoilt.inShell()
	return fmt.Sprintf(`%s%s --config=%s --stanza=%s --pg1-path=%s --lock-path=%s archive-get%s %%f "%%p"; code=$?; [ $code -le 1 ] || code=200; exit $code`,
		choose, shell(c.Program), shell(c.Config), shell(c.Stanza), shell(dataDir), shell(lockDir), chosen)
}

// shell quotes a word for sh, and for PostgreSQL's commands, where % begins a placeholder.
func shell(word string) string {
	word = strings.ReplaceAll(word, "%", "%%")
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// EscapeSetting escapes a value that stands between single quotes in a configuration file of PostgreSQL.
func EscapeSetting(value string) string {
	return strings.NewReplacer(`\`, `\\`, "'", "''").Replace(value)
}

// Target is the moment that a restore replays to. Exactly one field is set: a recovery without a target opens whatever it reached.
type Target struct {
	// LSN replays up to and with the record that begins there; what was committed before it is there, what is committed after is not.
	LSN string
	// Time replays what was committed up to then; something must have been committed later.
	Time time.Time
	// End replays all that the archive has. Look for gaps before: PostgreSQL takes the first for the end.
	End bool
}

func (t Target) arguments() ([]string, error) {
	switch {
	case t.LSN != "" && t.Time.IsZero() && !t.End:
		return []string{"--type=lsn", "--target=" + t.LSN, "--target-action=promote"}, nil
	case t.LSN == "" && !t.Time.IsZero() && !t.End:
		return []string{"--type=time", "--target=" + t.Time.UTC().Format("2006-01-02 15:04:05.999999") + "+00", "--target-action=promote"}, nil
	case t.LSN == "" && t.Time.IsZero() && t.End:
		return []string{"--type=default"}, nil
	}
	return nil, errors.New("pgbackrest: a restore needs exactly one target")
}

// RestoreOptions say what is restored and where to.
type RestoreOptions struct {
	// DataDir becomes the cluster: empty, and of the user whom the configuration belongs to.
	DataDir string
	// LockDir is a folder of that user, where the command's locks stand; a drill has its own, so that it does not wait for the cluster's.
	LockDir string
	// Label is the backup to begin with; empty lets pgBackRest choose the newest before the target.
	Label  string
	Target Target
	// Archiving leaves archive_mode as it was: for a cluster that is to be the next primary, never for a drill.
	Archiving bool
	// TablespaceDir takes the tablespaces of the backup; empty puts them where they were.
	TablespaceDir string
}

// Restore fetches the backup and sets the cluster up to replay to the target at its next start. A file whose checksum is wrong fails it.
func (c *Client) Restore(ctx context.Context, o RestoreOptions) error {
	args, err := o.Target.arguments()
	if err != nil {
		return err
	}
	restoreCommand := EscapeSetting(c.restoreCommand(o.DataDir, o.LockDir)) // pgBackRest quotes it and escapes nothing
	args = append(args, "--pg1-path="+o.DataDir, "--lock-path="+o.LockDir, "--recovery-option=restore_command="+restoreCommand)
	if o.Label != "" {
		args = append(args, "--set="+o.Label)
	}
	if !o.Archiving {
		args = append(args, "--archive-mode=off")
	}
	if o.TablespaceDir != "" {
		args = append(args, "--tablespace-map-all="+o.TablespaceDir)
	}
	return c.run(ctx, "restore", args, io.Discard)
}

// Kind is how much a backup copies.
type Kind string

// Kinds of backups, in pgBackRest's words.
const (
	Full         Kind = "full"
	Differential Kind = "diff" // what changed since the last full one
	Incremental  Kind = "incr" // what changed since the last of any kind
)

// annotation carries the id of the operation that made a backup.
const annotation = "mainstay-id"

// waitsFor is how often a backup asks whether another command is done with the stanza.
const waitsFor = 2 * time.Second

// Backup makes a backup of the running cluster under an id of the caller's and returns it as the repository has it. One of that id that is
// there already is returned as it is, so that a caller who died between the backup and its record makes no second. While another command
// works on the stanza it waits; what a broken-off one left behind is taken up or replaced.
func (c *Client) Backup(ctx context.Context, kind Kind, id string, processes int) (Backup, error) {
	for {
		if b, found, err := c.backupOf(ctx, id); err != nil || found {
			return b, err
		}
		err := c.run(ctx, "backup", []string{
			"--type=" + string(kind), "--annotation=" + annotation + "=" + id, "--process-max=" + strconv.Itoa(max(processes, 1)),
		}, io.Discard)
		if err == nil {
			break
		}
		if !IsLocked(err) {
			return Backup{}, err
		}
		select {
		case <-ctx.Done():
			return Backup{}, ctx.Err()
		case <-time.After(waitsFor):
		}
	}
	b, found, err := c.backupOf(ctx, id)
	if err == nil && !found {
		err = fmt.Errorf("pgbackrest: the backup %s ended without an error and is not in the repository", id)
	}
	return b, err
}

// Expire removes the backups of these labels, and then WAL: since the begin of the backup replaying all of it stays, of older backups what
// makes them consistent. One that is gone already is passed over. A label that a backup needs which stays is refused, and so is a replaying
// that is not there: pgBackRest would remove what depends on the one, and all WAL without the other.
func (c *Client) Expire(ctx context.Context, labels []string, replaying string) error {
	info, err := c.Info(ctx)
	if err != nil {
		return err
	}
	stay := slices.DeleteFunc(slices.Clone(info.Backups), func(b Backup) bool { return slices.Contains(labels, b.Label) })
	from := slices.IndexFunc(stay, func(b Backup) bool { return b.Label == replaying })
	if from < 0 {
		return fmt.Errorf("pgbackrest: the backup %s, whose WAL is to stay, is not in the repository", replaying)
	}
	for _, b := range stay {
		for _, needed := range b.References {
			if slices.Contains(labels, needed) {
				return fmt.Errorf("pgbackrest: the backup %s needs %s, which is to go", b.Label, needed)
			}
		}
	}
	for _, b := range slices.Backward(info.Backups) { // what depends on another goes first
		if slices.Contains(labels, b.Label) {
			if err := c.alone(ctx, "expire", "--set="+b.Label); err != nil {
				return err
			}
		}
	}
	return c.alone(ctx, "expire", "--repo1-retention-archive-type=incr", "--repo1-retention-archive="+strconv.Itoa(len(stay)-from))
}

// alone runs a command once no other works on the stanza.
func (c *Client) alone(ctx context.Context, command string, args ...string) error {
	for {
		err := c.run(ctx, command, args, io.Discard)
		if !IsLocked(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(waitsFor):
		}
	}
}

func (c *Client) backupOf(ctx context.Context, id string) (Backup, bool, error) {
	info, err := c.Info(ctx)
	if err != nil {
		return Backup{}, false, err
	}
	for _, b := range info.Backups {
		if b.ID == id {
			return b, true, nil
		}
	}
	return Backup{}, false, nil
}

// FetchSegment writes a WAL segment out of the archive into a file of the configuration's owner. CodeNotFound: the archive is there and the
// segment is not. pgBackRest does not compare the content with the segment's hash; the caller does.
func (c *Client) FetchSegment(ctx context.Context, name, file string) error {
	err := c.run(ctx, "archive-get", append(c.spoilt.arguments(name), name, file), io.Discard)
	if hasCode(err, codeNotFound) {
		return models.NotFound("WAL segment " + name)
	}
	return err
}

// ReadSegment writes a WAL segment of the archive to a file, decrypted, and compares it with the hash that its name carries. Unlike FetchSegment
// it needs nothing of the cluster.
func (c *Client) ReadSegment(ctx context.Context, s Segment, file string) error {
	var stored bytes.Buffer
	if err := c.run(ctx, "repo-get", append(c.spoilt.arguments(s.Name), s.Object), &stored); err != nil {
		return err
	}
	content := stored.Bytes()
	if strings.HasSuffix(s.Object, ".zst") {
		decoder, err := zstd.NewReader(&stored)
		if err != nil {
			return err
		}
		defer decoder.Close()
		if content, err = io.ReadAll(decoder); err != nil {
			return fmt.Errorf("pgbackrest: the WAL segment %s is damaged in the repository: %w", s.Name, err)
		}
	}
	if sum := sha1.Sum(content); hex.EncodeToString(sum[:]) != s.SHA1 { //nolint:gosec // pgBackRest's hash against faults, not against people
		return fmt.Errorf("pgbackrest: the WAL segment %s is damaged in the repository: its SHA-1 is %x", s.Name, sum)
	}
	return os.WriteFile(file, content, 0o600)
}

// verifying begins the names of the folders in which segments stand in clear while they are looked at.
const verifying = "mainstay-wal-"

// sweepVerified removes those whose process was killed: nobody looks at one for an hour.
func sweepVerified(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, verifying+"*")) // the pattern is well formed
	for _, folder := range left {
		if info, err := os.Stat(folder); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(folder) // the next look tries again
		}
	}
}

// ErrDamaged says that the repository holds something else than what was put there.
var ErrDamaged = errors.New("damaged in the repository")

// VerifySegment reads a segment back out of the archive, decrypted, and compares it with the hash that its name carries. dir is where it
// stands meanwhile, and look may read it there. ErrDamaged: it is not what was archived.
func (c *Client) VerifySegment(ctx context.Context, s Segment, dir string, look func(file string) error) (err error) {
	sweepVerified(dir)
	dir, err = os.MkdirTemp(dir, verifying)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := c.OwnDir(dir); err != nil {
		return err
	}
	file := filepath.Join(dir, s.Name)
	if err := c.FetchSegment(ctx, s.Name, file); err != nil {
		if failed, ok := errors.AsType[*Error](err); ok && !IsAway(err) {
			return fmt.Errorf("WAL segment %s: %w: %s", s.Name, ErrDamaged, failed.Text)
		}
		return err
	}
	content, err := os.ReadFile(file) //nolint:gosec // in the folder above
	if err != nil {
		return err
	}
	if sum := sha1.Sum(content); hex.EncodeToString(sum[:]) != s.SHA1 { //nolint:gosec // pgBackRest's hash against faults, not against people
		return fmt.Errorf("WAL segment %s: %w: its SHA-1 is %x", s.Name, ErrDamaged, sum)
	}
	return look(file)
}

// OwnDir makes a folder that the user whom the configuration belongs to has for itself.
func (c *Client) OwnDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	owner, err := OwnerOf(c.Config)
	if err != nil || owner == nil {
		return err
	}
	return os.Chown(dir, int(owner.Uid), int(owner.Gid))
}

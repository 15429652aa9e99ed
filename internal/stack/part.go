package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	namespacev1 "go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/durationpb"
)

// part is a child and how to tell that it is ready.
type part struct {
	command

	ready func(context.Context) error
}

// start runs the part and returns when it is ready. A part that does not get there is killed, and the error quotes what
// it said.
func (p part) start(ctx context.Context, output io.Writer) (*process, error) {
	tail := &tailWriter{}
	p.output = io.MultiWriter(output, tail)
	child, err := p.command.start()
	if err != nil {
		return nil, err
	}
	if err := child.awaitReady(ctx, p.ready); err != nil {
		child.kill()
		return nil, fmt.Errorf("%w\n%s", err, tail)
	}
	return child, nil
}

// s3Part keeps objects in dir. The keys become the one account of the storage.
func s3Part(program, addr, dir, region, accessKey, secretKey string) part {
	return part{
		command: command{
			name: "s3", path: program, args: []string{"s3", "--addr", addr, "--dir", dir, "--region", region},
			env: append(os.Environ(), "DEVSTACK_S3_ACCESS_KEY="+accessKey, "DEVSTACK_S3_SECRET_KEY="+secretKey),
		},
		ready: answers("http://" + addr + "/healthz"),
	}
}

func mailPart(program, smtpAddr, pageAddr string) part {
	return part{
		command: command{name: "mail", path: program, args: []string{"mail", "--smtp-addr", smtpAddr, "--ui-addr", pageAddr}},
		ready:   answers("http://" + pageAddr + "/livez"),
	}
}

// temporalPart keeps Temporal's state in PostgreSQL, as the superuser, in two databases of its own. An empty pageAddr
// runs no Web UI.
func temporalPart(program, addr, pageAddr, namespace string, db PostgresOptions) part {
	return part{
		command: command{
			name: "temporal", path: program,
			args: []string{
				"temporal", "--addr", addr, "--ui-addr", pageAddr, "--namespace", namespace,
				"--db-addr", loopback(db.Port), "--db-user", superuser,
			},
			env: append(os.Environ(), "DEVSTACK_DB_PASSWORD="+db.Password),
		},
		ready: hasNamespace(addr, namespace),
	}
}

// fileTemporalPart keeps Temporal's state in a SQLite file. The program is devstack or Temporal's own CLI: both know
// these flags, and both register the namespace with a retention of one day.
func fileTemporalPart(program, addr, pageAddr, namespace, file string) (part, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return part{}, err
	}
	_, pagePort, err := net.SplitHostPort(pageAddr)
	if err != nil {
		return part{}, err
	}
	return part{
		command: command{
			name: "temporal", path: program,
			args: []string{
				"server", "start-dev", "--ip", host, "--port", port, "--ui-port", pagePort, "--namespace", namespace,
				"--db-filename", file, "--log-level", "warn",
				"--dynamic-config-value", "matching.numTaskqueueReadPartitions=1",
				"--dynamic-config-value", "matching.numTaskqueueWritePartitions=1",
			},
		},
		ready: func(ctx context.Context) error {
			if err := hasNamespace(addr, namespace)(ctx); err != nil {
				return err
			}
			return setRetention(ctx, addr, namespace)
		},
	}, nil
}

// memoryTemporalPart keeps Temporal's state in memory and runs no Web UI: for tests.
func memoryTemporalPart(program string, port int, namespace string) part {
	return part{
		command: command{
			name: "temporal", path: program,
			args: []string{"server", "start-dev", "--port", strconv.Itoa(port), "--headless", "--namespace", namespace},
		},
		ready: hasNamespace(loopback(port), namespace),
	}
}

// answers checks that a GET of the URL is answered with 200.
func answers(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answers %s", url, response.Status)
		}
		return nil
	}
}

// hasNamespace checks that a Temporal frontend answers and that calls within the namespace are served: its cache of
// namespaces may know a new one later than its database.
func hasNamespace(addr, namespace string) func(context.Context) error {
	return func(ctx context.Context) error {
		return callTemporal(addr, func(frontend workflowservice.WorkflowServiceClient) error {
			_, err := frontend.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: namespace})
			if err != nil {
				return err
			}
			_, err = frontend.CountWorkflowExecutions(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: namespace})
			return err
		})
	}
}

// retention is how long closed workflows are kept: the lifetime of command ids.
const retention = 30 * 24 * time.Hour

// setRetention gives the namespace its retention.
func setRetention(ctx context.Context, addr, namespace string) error {
	return callTemporal(addr, func(frontend workflowservice.WorkflowServiceClient) error {
		_, err := frontend.UpdateNamespace(ctx, &workflowservice.UpdateNamespaceRequest{
			Namespace: namespace,
			Config:    &namespacev1.NamespaceConfig{WorkflowExecutionRetentionTtl: durationpb.New(retention)},
		})
		return err
	})
}

func callTemporal(addr string, call func(workflowservice.WorkflowServiceClient) error) error {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	return errors.Join(call(workflowservice.NewWorkflowServiceClient(conn)), conn.Close())
}

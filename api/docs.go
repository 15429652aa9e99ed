package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

//go:embed docs.html
var docsHTML string

var docsPage = template.Must(template.New("docs").Parse(docsHTML))

// docsRoutes serves the API reference at /docs: made here from the OpenAPI document, it needs neither scripts nor the internet.
func (s *Server) docsRoutes() {
	render := sync.OnceValue(func() []byte {
		var page bytes.Buffer
		if err := docsPage.Execute(&page, newReference(s.OpenAPI())); err != nil {
			panic(err) // the template and its data are ours
		}
		return page.Bytes()
	})
	s.engine.GET("/docs", func(c *gin.Context) {
		c.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
		c.Data(http.StatusOK, "text/html; charset=utf-8", render())
	})
}

// reference is the OpenAPI document in the order in which people read it.
type reference struct {
	Version string
	Groups  []referenceGroup
	Schemas []referenceSchema
}

type referenceGroup struct {
	Name       string
	Anchor     string
	Operations []referenceOperation
}

type referenceOperation struct {
	ID, Method, Path, Summary string
	Permission                any
	Parameters                []referenceField
	Body, Answer              *referenceType
	Status                    string
}

type referenceSchema struct {
	Name   string
	Fields []referenceField
}

type referenceField struct {
	Name, In, Notes string
	Type            referenceType
	Required        bool
}

// referenceType is a type's name; Schema is the schema it links to, empty for plain types.
type referenceType struct{ Before, Schema, Name string }

func newReference(doc *huma.OpenAPI) reference {
	groups := map[string]*referenceGroup{}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, o := range operationsOf(doc.Paths[path]) {
			tag := o.Tags[0]
			if groups[tag] == nil {
				groups[tag] = &referenceGroup{Name: tag, Anchor: strings.ReplaceAll(strings.ToLower(tag), " ", "-")}
			}
			groups[tag].Operations = append(groups[tag].Operations, describe(o))
		}
	}
	r := reference{Version: doc.Info.Version}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		r.Groups = append(r.Groups, *groups[name])
	}
	schemas := doc.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		if fields := propertiesOf(schemas[name]); len(fields) > 0 {
			r.Schemas = append(r.Schemas, referenceSchema{Name: name, Fields: fields})
		}
	}
	return r
}

func operationsOf(item *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete}
	return slices.DeleteFunc(all, func(o *huma.Operation) bool { return o == nil })
}

func describe(o *huma.Operation) referenceOperation {
	out := referenceOperation{
		ID: o.OperationID, Method: o.Method, Path: o.Path, Summary: o.Summary, Permission: o.Extensions[permissionExtension],
	}
	for _, p := range o.Parameters {
		out.Parameters = append(out.Parameters, referenceField{
			Name: p.Name, In: p.In, Required: p.Required, Type: typeOf(p.Schema), Notes: notesOf(p.Schema, p.Description),
		})
	}
	if o.RequestBody != nil {
		out.Body = contentOf(o.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if strings.HasPrefix(status, "2") {
			out.Status, out.Answer = status, contentOf(o.Responses[status].Content)
			break
		}
	}
	return out
}

func contentOf(content map[string]*huma.MediaType) *referenceType {
	for _, name := range slices.Sorted(maps.Keys(content)) {
		if content[name].Schema != nil {
			return new(typeOf(content[name].Schema))
		}
	}
	return nil
}

func propertiesOf(s *huma.Schema) []referenceField {
	var fields []referenceField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		fields = append(fields, referenceField{
			Name: name, Required: slices.Contains(s.Required, name), Type: typeOf(p), Notes: notesOf(p, p.Description),
		})
	}
	return fields
}

func typeOf(s *huma.Schema) referenceType {
	switch {
	case s == nil:
		return referenceType{Name: "any"}
	case s.Ref != "":
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		return referenceType{Schema: name, Name: name}
	case s.Type == huma.TypeArray:
		item := typeOf(s.Items)
		return referenceType{Before: "list of " + item.Before, Schema: item.Schema, Name: item.Name}
	case len(s.OneOf) > 0:
		return typeOf(s.OneOf[0])
	case s.Format != "":
		return referenceType{Name: s.Type + " (" + s.Format + ")"}
	case s.Type == "":
		return referenceType{Name: "any"}
	}
	return referenceType{Name: s.Type}
}

func notesOf(s *huma.Schema, description string) string {
	if s == nil || len(s.Enum) == 0 {
		return description
	}
	values := make([]string, len(s.Enum))
	for i, v := range s.Enum {
		values[i], _ = v.(string)
	}
	return strings.TrimSpace(description + " " + strings.Join(values, ", "))
}

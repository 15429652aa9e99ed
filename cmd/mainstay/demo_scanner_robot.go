package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// caughtMail is a mail as Mailpit and the stack's own mailbox show it.
type caughtMail struct {
	ID      string
	Subject string
	Text    string
	HTML    string
}

// waitForMail reads the mailbox until it holds a mail to that address with the text in its subject.
func waitForMail(ctx context.Context, mailURL, to, text string) (caughtMail, error) {
	for {
		var list struct {
			Messages []struct {
				ID      string
				Subject string
				To      []struct{ Address string }
			}
		}
		if err := getJSON(ctx, mailURL+"/api/v1/messages?limit=200", &list); err != nil {
			return caughtMail{}, &exitError{exitDependency, fmt.Errorf("the stack's mailbox cannot be read: %w", err)}
		}
		for _, m := range list.Messages {
			if len(m.To) == 1 && m.To[0].Address == to && strings.Contains(m.Subject, text) {
				var mail caughtMail
				return mail, getJSON(ctx, mailURL+"/api/v1/message/"+m.ID, &mail)
			}
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return caughtMail{}, fmt.Errorf("no mail to %s came: %w", to, err)
		}
	}
}

func getJSON(ctx context.Context, address string, out any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(out)
}

// robot opens links and sends forms, as mail gateways do to look behind them.
type robot struct {
	base   string // where links lead, whatever name they bear
	client *http.Client
}

// webForm is a form of a page: where it is sent and what its fields hold, buttons apart.
type webForm struct {
	method, action string
	fields         url.Values
	buttons        []webButton
}

type webButton struct{ name, value string }

// seen is what a scan came across.
type seen struct{ links, forms, requests, posts int }

var plainLink = regexp.MustCompile(`https?://[^\s<>"]+`)

// linksOf lists the addresses in a mail, in text and HTML, each once.
func linksOf(mail caughtMail) ([]string, error) {
	links := plainLink.FindAllString(mail.Text, -1)
	root, err := html.Parse(strings.NewReader(mail.HTML))
	if err != nil {
		return nil, err
	}
	for node := range root.Descendants() {
		for _, a := range node.Attr {
			if node.Type == html.ElementNode && (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(a.Val, "http") {
				links = append(links, a.Val)
			}
		}
	}
	slices.Sort(links)
	return slices.Compact(links), nil
}

// scan opens every link in every way that only looks, and then sends every form that is behind it: as it is, with each field filled,
// and with the query that its fields make.
func (r robot) scan(ctx context.Context, mail caughtMail) (seen, error) {
	links, err := linksOf(mail)
	if err != nil {
		return seen{}, err
	}
	out := seen{links: len(links)}
	for _, link := range links {
		for _, look := range []struct{ method, purpose string }{
			{http.MethodGet, ""}, {http.MethodHead, ""}, {http.MethodGet, "prefetch"}, {http.MethodGet, "prefetch;prerender"}, {http.MethodOptions, ""},
		} {
			if _, _, err := r.ask(ctx, look.method, link, nil, "Sec-Purpose", look.purpose); err != nil {
				return out, err
			}
			out.requests++
		}
		address, page, err := r.ask(ctx, http.MethodGet, link, nil)
		if err != nil {
			return out, err
		}
		out.requests++
		forms, err := formsOf(address, page)
		if err != nil {
			return out, err
		}
		out.forms += len(forms)
		for _, form := range forms {
			sent, posts, err := r.sendAll(ctx, form)
			out.requests += sent
			out.posts += posts
			if err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// sendAll sends a form without a person: its button is pressed by nobody. It returns how many requests it made, and how many of them
// sent the form.
func (r robot) sendAll(ctx context.Context, form webForm) (sent, posts int, err error) {
	filled := url.Values{}
	for name, values := range form.fields {
		filled[name] = values
		if values[0] == "" {
			filled.Set(name, "scanned")
		}
	}
	named := maps.Clone(filled)
	for _, b := range form.buttons {
		named.Set(b.name, "") // a field of that name, but not what the button is worth
	}
	for _, fields := range []url.Values{{}, form.fields, filled, named} {
		if _, _, err := r.ask(ctx, form.method, form.action, fields); err != nil {
			return sent, posts, err
		}
		sent++
		posts++
		if _, _, err := r.ask(ctx, http.MethodGet, form.action+"?"+fields.Encode(), nil); err != nil {
			return sent, posts, err
		}
		sent++
	}
	return sent, posts, nil
}

// form opens a mail's link as a person does, and returns the form on its page.
func (r robot) form(ctx context.Context, mail caughtMail) (webForm, error) {
	links, err := linksOf(mail)
	if err != nil {
		return webForm{}, err
	}
	for _, link := range links {
		address, page, err := r.ask(ctx, http.MethodGet, link, nil)
		if err != nil {
			return webForm{}, err
		}
		forms, err := formsOf(address, page)
		if err != nil {
			return webForm{}, err
		}
		if len(forms) > 0 {
			return forms[0], nil
		}
	}
	return webForm{}, &exitError{exitFound, errors.New("no page behind the mail's links has a form")}
}

// press opens a mail's link and presses the button of that value, as a person does.
func (r robot) press(ctx context.Context, mail caughtMail, value string) (string, error) {
	form, err := r.form(ctx, mail)
	if err != nil {
		return "", err
	}
	return r.send(ctx, form, value)
}

// send sends a form with the button of that value.
func (r robot) send(ctx context.Context, form webForm, value string) (string, error) {
	i := slices.IndexFunc(form.buttons, func(b webButton) bool { return b.value == value })
	if i < 0 {
		return "", &exitError{exitFound, fmt.Errorf("the page has no button %q", value)}
	}
	fields := maps.Clone(form.fields)
	fields.Set(form.buttons[i].name, value)
	_, page, err := r.ask(ctx, form.method, form.action, fields)
	return page, err
}

// ask makes one request at the base, whatever host the address names, and returns the address and the page.
func (r robot) ask(ctx context.Context, method, address string, fields url.Values, headers ...string) (string, string, error) {
	to, err := url.Parse(address)
	if err != nil {
		return "", "", err
	}
	base, err := url.Parse(r.base)
	if err != nil {
		return "", "", err
	}
	to.Scheme, to.Host = base.Scheme, base.Host
	var body io.Reader
	if fields != nil {
		body = strings.NewReader(fields.Encode())
	}
	request, err := http.NewRequestWithContext(ctx, method, to.String(), body)
	if err != nil {
		return "", "", err
	}
	if fields != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] != "" {
			request.Header.Set(headers[i], headers[i+1])
		}
	}
	response, err := r.client.Do(request)
	if err != nil {
		return "", "", &exitError{exitDependency, err}
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	return to.String(), string(page), err
}

// formsOf finds the forms of a page with what a browser would send of them.
func formsOf(address, page string) ([]webForm, error) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	var forms []webForm
	for node := range root.Descendants() {
		if node.Type != html.ElementNode || node.Data != "form" {
			continue
		}
		form := webForm{method: strings.ToUpper(attribute(node, "method")), action: address, fields: url.Values{}}
		if action := attribute(node, "action"); action != "" {
			base, err := url.Parse(address)
			if err != nil {
				return nil, err
			}
			to, err := base.Parse(action)
			if err != nil {
				return nil, err
			}
			form.action = to.String()
		}
		for field := range node.Descendants() {
			form.add(field)
		}
		forms = append(forms, form)
	}
	return forms, nil
}

func (f *webForm) add(node *html.Node) {
	name := attribute(node, "name")
	if node.Type != html.ElementNode || name == "" {
		return
	}
	switch node.Data {
	case "button":
		f.buttons = append(f.buttons, webButton{name, attribute(node, "value")})
	case "input":
		f.fields.Set(name, attribute(node, "value"))
	case "textarea", "select":
		f.fields.Set(name, "")
	}
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

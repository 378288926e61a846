/* SPDX-License-Identifier: GPL-3.0-or-later
 * A plain letter: whom it is for, what it is about, what the documents say, who signs. Nothing is
 * left open: where a name is not known the salutation does without. */
#include "core/sim/compose.h"

#include "core/sim/evidence.h"
#include "core/sim/facts.h"

static const struct {
	const char *domain, *company;
} companies[] = {
	{ "insurance", "Harrow Mutual" },
	{ "fintech", "Tessel" },
	{ "software", "Larder" },
};

static const char *company_of(const struct kb_doc *doc)
{
	for (size_t i = 0; doc && i < ARRAY_LEN(companies); i++)
		if (str_is(doc->domain, companies[i].domain))
			return companies[i].company;
	return "Customer";
}

static void add_salutation(struct compose *c, const struct evidence *e)
{
	const struct texts *names = &e->facts[FACT_NAME];

	if (names->len)
		buf_addf(&c->out, "Dear %.*s,\n\n", STR_ARG(names->ptr[0]));
	else
		buf_add_text(&c->out, "Dear customer,\n\n");
}

static size_t id_place(struct str question, struct str id)
{
	size_t at = id.ptr ? str_find(question, id) : 0;

	return at < question.len ? at : 0;
}

/* "policy 48213": the word before the number says what it numbers. */
static void add_subject(struct compose *c, const struct evidence *e)
{
	static const char *const forms[] = { "We are writing about",
		"Thank you for your request about", "This letter concerns" };
	static const char *const things[] = { "policy", "claim", "account", "invoice", "order",
		"card", "transfer" };
	struct str id = e->facts[FACT_ID].len ? e->facts[FACT_ID].ptr[0] : STR_NONE;
	const char *form = compose_pick(c, forms, ARRAY_LEN(forms)), *thing = "your reference";
	struct str before = str_part(c->ask->question, 0, id_place(c->ask->question, id));

	if (!id.ptr) {
		buf_addf(&c->out, "%s your question.", form);
		return;
	}
	before = str_trim(before);
	for (size_t i = 0; i < ARRAY_LEN(things); i++)
		if (str_ends(before, things[i]))
			thing = things[i];
	buf_addf(&c->out, "%s %s %.*s.", form, thing, STR_ARG(id));
}

void letter_write(struct compose *c)
{
	static const char *const ends[] = { "Please call us if anything in this letter is unclear.",
		"If you have any questions, we are glad to help.",
		"Please keep this letter with your documents." };
	static const char *const regards[] = { "Kind regards,", "Yours sincerely,",
		"With kind regards," };
	const struct kb_passage *p = c->found ? c->hits[0].passage : NULL;
	struct evidence e = { 0 };

	evidence_read(&e, c->arena, c->ask->question);
	if (c->ask->result.ptr)
		evidence_read(&e, c->arena, str_part(c->ask->result, 0, ASK_TEXT_MAX));
	add_salutation(c, &e);
	add_subject(c, &e);
	buf_add_text(&c->out, "\n\n");
	if (c->ask->result.ptr && facts_say(&c->out, c->ask->result))
		buf_add_text(&c->out, "\n\n");
	if (p) {
		quote_passage(c, p, c->ask->persona->sentences);
		buf_add_text(&c->out, "\n\n");
	} else {
		quote_nothing(c);
	}
	if (p && !quote_figure(c))
		buf_cut_to(&c->out, c->out.len - 2);
	buf_addf(&c->out, "\n\n%s\n\n%s\n%s Support", compose_pick(c, ends, ARRAY_LEN(ends)),
		compose_pick(c, regards, ARRAY_LEN(regards)),
		company_of(p ? &c->kb->docs.ptr[p->doc] : NULL));
}

import type * as cchat from "../../../generated/ir/cchat.ts";
import type { Fields } from "./fields.ts";

const INDEX = { min: 0, max: 0xffff_ffff, integer: true };

/** Returns the citation with these members. */
export function citationOf(fields: Fields): cchat.Annotation {
	const url = fields.text("url");
	const title = fields.text("title");
	const start = fields.number("start_index", INDEX);
	const end = fields.number("end_index", INDEX);
	fields.assertNoRest();
	const citation: cchat.Annotation = {};
	if (url !== undefined) citation.url = url;
	if (title !== undefined) citation.title = title;
	if (start !== undefined) citation.start_index = start;
	if (end !== undefined) citation.end_index = end;
	return citation;
}

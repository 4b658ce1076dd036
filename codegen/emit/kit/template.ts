/** Handlebars for the emitters: strict (a name the data lacks is an error, not an empty string) and without HTML escaping. */
import Handlebars from "handlebars";
import { assetText } from "./asset.ts";
import { docComment } from "./doc-comment.ts";

const engine = Handlebars.create();

/** `{{doc text}}` or `{{doc text 1}}`: a doc comment at a depth of tabs, with its line end. */
engine.registerHelper("doc", (text: string, indent: unknown) => docComment(text, typeof indent === "number" ? indent : 0));

/** `{{json value}}`: a JavaScript literal. */
engine.registerHelper("json", (value: unknown) => JSON.stringify(value));

/** Compiles the template at `url`, a file beside the module that asks. The data must have every name that the template uses. */
export function template<T>(url: URL): (data: T) => string {
	const compiled = engine.compile<T>(assetText(url), { strict: true, noEscape: true });
	return (data) => compiled(data);
}

/** Handlebars for the emitters: strict (a name the data lacks is an error, not an empty string) and without HTML escaping. */
import Handlebars from "handlebars/dist/handlebars.runtime.js";
import { sha256 } from "../../write/hash.ts";
import { assetText } from "./asset.ts";
import { docComment } from "./doc-comment.ts";
import { compiledTemplates } from "./templates.js";

const engine = Handlebars.create();

/** `{{doc text}}` or `{{doc text 1}}`: a doc comment at a depth of tabs, with its line end. */
engine.registerHelper("doc", (text: string, indent: unknown) => docComment(text, typeof indent === "number" ? indent : 0));

/** `{{json value}}`: a JavaScript literal. */
engine.registerHelper("json", (value: unknown) => JSON.stringify(value));

/**
 * The template at `url`, a file beside the module that asks. The data must have every name that the template uses. Templates are compiled ahead
 * into `templates.js`, because the compiler takes longer than most emitters.
 */
export function template<T>(url: URL): (data: T) => string {
	const specification = compiledTemplates[sha256(assetText(url))];
	if (specification === undefined) throw new Error(`${url} is not in templates.js as it is now; run \`npm run templates -- --write\``);
	const compiled = engine.template<T>(specification);
	return (data) => compiled(data);
}

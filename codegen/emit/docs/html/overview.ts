/** The first section of the page: what the package is for, its operations, interfaces and worlds, and the rules of the ABI. */
import { errorRecord } from "../../../model/abi.ts";
import type { Gates } from "../../../model/model.ts";
import type { PackageOutline, Section } from "../outline.ts";
import { nameClass, otherTags, warningBadges } from "./badges.ts";
import { type Content, type Html, heading, html } from "./markup.ts";
import { prose } from "./prose.ts";
import type { Reference } from "./reference.ts";
import { codes, firstParagraph } from "./sections.ts";

export function overview(reference: Reference): Html {
	const { main, packages } = reference.outline;
	return html`<section class="part overview" id=":overview">
<h1><span class="kind">package</span> <span class="name">${main.title}</span></h1>
${packageDocs(reference, main)}${operations(reference)}${contents(reference, main, 2)}${packages.slice(1).map((each) => dependency(reference, each))}${rules(reference)}</section>
`;
}

function packageDocs(reference: Reference, { package: { docs }, interfaces, worlds }: PackageOutline): Content {
	const [section] = [...interfaces, ...worlds];
	return [section === undefined ? undefined : prose(docs.text, reference.names(section, "")), otherTags(docs)];
}

function dependency(reference: Reference, outline: PackageOutline): Html {
	return html`${heading(2, html`<span class="kind">package</span> <span class="name">${outline.title}</span>`)}
${packageDocs(reference, outline)}${contents(reference, outline, 3)}`;
}

function operations(reference: Reference): Content {
	const { families } = reference.outline.abi;
	if (families.length === 0) return undefined;
	const rows = families.map(
		({ operation, interface: iface, transports, features }) =>
			html`<tr><th scope="row"><code>${operation}</code></th><td data-label="Interface"><a href="#${reference.outline.sectionOfInterface(iface).id}"><code>${iface.name}</code></a></td><td data-label="Transports">${codes(transports)}</td><td data-label="Features">${codes(features)}</td></tr>\n`,
	);
	return html`${heading(2, "Operations")}
<table class="listing operations"><thead><tr><th scope="col">Operation</th><th scope="col">Interface</th><th scope="col">Transports</th><th scope="col">Features</th></tr></thead>
<tbody>
${rows}</tbody></table>
`;
}

function contents(reference: Reference, { interfaces, worlds }: PackageOutline, level: 2 | 3): Content {
	return [
		sectionTable(
			reference,
			level,
			"Interface",
			interfaces.map((section) => ({ section, item: section.interface })),
		),
		sectionTable(
			reference,
			level,
			"World",
			worlds.map((section) => ({ section, item: section.world })),
		),
	];
}

interface Row {
	readonly section: Section;
	readonly item: { readonly docs: { readonly text: string }; readonly gates: Gates };
}

function sectionTable(reference: Reference, level: 2 | 3, kind: "Interface" | "World", rows: readonly Row[]): Content {
	if (rows.length === 0) return undefined;
	return html`${heading(level, `${kind}s`)}
<table class="listing"><thead><tr><th scope="col">${kind}</th><th scope="col">Purpose</th></tr></thead>
<tbody>
${rows.map(
	({ section, item: { docs, gates } }) =>
		html`<tr><th scope="row"><a class="${nameClass(gates)}" href="#${section.id}"><code>${section.title}</code></a>${warningBadges(gates)}</th><td>${prose(firstParagraph(docs.text), reference.names(section, section.id))}</td></tr>\n`,
)}</tbody></table>
`;
}

/** Rules that hold for a package whose interfaces are operations. */
function rules(reference: Reference): Content {
	const { abi } = reference.outline;
	const error = errorRecord(abi);
	if (abi.families.length === 0 || error === undefined) return undefined;
	const link = html`<a href="#${reference.outline.typeId(error)}"><code>${error.name}</code></a>`;
	return html`${heading(2, "Rules")}
<ul>
<li>A function that may fail returns a <code>result</code> with the record ${link}. The code of the error is one of a closed set, so a guest can switch on it.</li>
<li>A function marked <span class="badge blocking">blocking</span> suspends the guest until the host answers. All others answer at once.</li>
<li>A field that demands a feature does so if it is given: a list that is not empty, a <code>bool</code> that is true, anything else that is present. The host then picks a backend that offers the feature, or answers <code>missing-capabilities</code>.</li>
<li>A handle is the guest's until the guest drops it. Requests in flight for a dropped handle are cancelled.</li>
</ul>
`;
}

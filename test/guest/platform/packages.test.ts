/** Packages of other authors in a guest. They resolve from this repository, so the guest is built in a folder of it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadComponent } from "../../../src/abi/component/load.ts";
import { buildGuest } from "../../../src/build/build-guest.ts";
import { ROOT } from "../../helpers/guest.ts";
import { scriptedHost } from "../../helpers/guest-host.ts";
import { outputOf } from "../../helpers/guest-runs.ts";

const SOURCE = `
import { addDays, format, formatDistance } from "date-fns";
import { marked } from "marked";
import { nanoid } from "nanoid";
import { agent } from "spear-hostcall/guest";
import { parse, stringify } from "yaml";
import { z } from "zod";

const Order = z.object({ id: z.string().min(2), site: z.url(), lines: z.array(z.object({ sku: z.string(), count: z.number().int() })) });

export const run = agent(async (input) => {
	const order = Order.parse(parse(input));
	const refused = Order.safeParse({ ...order, lines: [{ sku: 1, count: 1.5 }], site: "nope" });
	const checked = await z.string().refine(async (text) => text.length > 1).parseAsync("ok");
	return JSON.stringify({
		order: stringify(order),
		issues: refused.error?.issues.map(({ path }) => path.join(".")),
		checked,
		schema: z.toJSONSchema(Order).required,
		html: marked.parse("# Title\\n\\n*text* and [link](https://a.example)"),
		later: await marked.parse("**async**", { async: true }),
		ids: new Set(Array.from({ length: 100 }, () => nanoid())).size,
		length: nanoid().length,
		date: format(addDays(new Date(Date.UTC(2024, 1, 28, 12)), 1), "yyyy-MM-dd EEEE"),
		ago: formatDistance(new Date(0), new Date(3 * 86_400_000)),
	});
});
`;

test("a guest with zod, nanoid, marked, date-fns and yaml builds and runs", async () => {
	await mkdir(join(ROOT, ".cache/tests"), { recursive: true });
	const folder = await mkdtemp(join(ROOT, ".cache/tests/packages-"));
	try {
		await writeFile(join(folder, "guest.ts"), SOURCE);
		const built = await buildGuest({ entry: join(folder, "guest.ts"), out: join(folder, "guest.wasm"), world: "chat-agent" });
		assert.equal(built.warnings, []);
		const instance = await (await loadComponent(built.prepared)).instantiate(scriptedHost([]).imports);
		const output = outputOf(await instance.run("id: o-1\nsite: https://shop.example/x\nlines:\n  - sku: bolt\n    count: 2\n"));
		assert.equal(JSON.parse(output), {
			order: "id: o-1\nsite: https://shop.example/x\nlines:\n  - sku: bolt\n    count: 2\n",
			issues: ["site", "lines.0.sku", "lines.0.count"],
			checked: "ok",
			schema: ["id", "site", "lines"],
			html: '<h1>Title</h1>\n<p><em>text</em> and <a href="https://a.example">link</a></p>\n',
			later: "<p><strong>async</strong></p>\n",
			ids: 100,
			length: 21,
			date: "2024-02-29 Thursday",
			ago: "3 days",
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});

test.run();

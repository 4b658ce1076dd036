/**
 * A clerk for a parts store. Answers questions with the help of one tool, which reads the inventory below.
 *
 * The guest runs inside the sandbox. The inventory belongs to the guest, and the model belongs to the host.
 */
import { agent } from "spear-hostcall/guest";
import { chat, tool } from "spear-hostcall/guest/chat";

interface Part {
	readonly name: string;
	readonly onHand: number;
	readonly shelf: string;
}

const INVENTORY: Readonly<Record<string, Part>> = {
	"M6-20": { name: "hex bolt M6 × 20", onHand: 480, shelf: "B2" },
	"M6-N": { name: "hex nut M6", onHand: 1150, shelf: "B3" },
	"BRG-608": { name: "ball bearing 608-2RS", onHand: 0, shelf: "D1" },
};

const inventory = tool<{ sku: string }>({
	name: "inventory",
	description: "Looks up a part by its stock number. Returns its name, the number on hand, and the shelf.",
	parameters: {
		type: "object",
		properties: { sku: { type: "string", description: "Stock number, e.g. M6-20" } },
		required: ["sku"],
		additionalProperties: false,
	},
	run({ sku }) {
		const part = INVENTORY[sku];
		if (part === undefined) throw new Error(`no part ${JSON.stringify(sku)}; stock numbers are ${Object.keys(INVENTORY).join(", ")}`);
		return { sku, ...part };
	},
});

export const run = agent((input) => {
	using clerk = chat({
		system: "You are the clerk of a parts store. Look parts up before you say anything about them. Answer in one or two sentences.",
		tools: [inventory],
	});
	let answer = "";
	for (const event of clerk.stream(input)) {
		if (event.tag === "text") answer += event.val;
		if (event.tag === "tool-run") console.info(`${event.val.call.name}(${event.val.call.arguments}) → ${event.val.result.output}`);
	}
	return answer;
});

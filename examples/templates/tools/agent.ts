/** A clerk that looks parts up with two tools, whose arguments are checked by their schema. */
import { agent, emit } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";
import { typedTool } from "spear-hostcall/guest/structured";

const INVENTORY: Readonly<Record<string, number>> = { bolt: 480, nut: 1150, bearing: 0 };
const PRICES: Readonly<Record<string, number>> = { bolt: 0.1, nut: 0.05, bearing: 4.2 };

const part = { type: "object", properties: { part: { type: "string" } }, required: ["part"] } as const;

const stock = typedTool({
	name: "stock",
	description: "Returns the number on hand of a part: bolt, nut or bearing.",
	schema: part,
	run({ part }) {
		const onHand = INVENTORY[part];
		if (onHand === undefined) throw new Error(`no part ${part}; there are ${Object.keys(INVENTORY).join(", ")}`);
		console.info(`looks up ${part}: ${onHand}`);
		return { part, onHand };
	},
});

const price = typedTool({
	name: "price",
	description: "Returns the price of a part, in euros.",
	schema: part,
	run: ({ part }) => ({ part, price: PRICES[part] ?? null }),
});

export const run = agent((input) => {
	using clerk = chat({
		system: "You are the clerk of a parts store. Look parts up before you say anything about them.",
		tools: [stock, price],
	});
	const { text, tools } = clerk.ask(input);
	emit({ event: "looked-up", data: tools.map(({ call }) => call.name) });
	return text;
});

/** A part of a document. */
export interface Passage {
	readonly title: string;
	readonly text: string;
}

/** The documents of the agent. They are compiled into its component. */
export const DOCUMENTS: readonly Passage[] = [
	{ title: "Opening hours", text: "The store is open from Monday to Friday, from 8 to 17 o'clock. It is closed on public holidays." },
	{ title: "Returns", text: "Unused parts can be returned within 30 days. Bring the receipt. Cut cables cannot be returned." },
	{ title: "Delivery", text: "Orders over 50 euros are delivered free of charge within three working days." },
	{ title: "Bolts", text: "Bolts and nuts lie in the drawers B1 to B9, sorted by thread." },
	{ title: "Bearings", text: "Ball bearings are behind the counter. Ask the clerk, and know the inner diameter." },
];

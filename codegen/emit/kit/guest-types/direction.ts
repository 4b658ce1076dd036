/** The way in which values travel, seen from the guest. */
export type Direction = "sent" | "received" | "both";

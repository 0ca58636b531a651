package org.athanor.network;

/** A share log read once: its books, and what a pay scheme needs to compute other ones. */
public record Recount(Replay replay, SchemeEvents events) {}

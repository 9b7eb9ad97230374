package io.bitrouter.core.control;

/**
 * Something that was done as asked and may not be what was meant.
 *
 * @param code a word for programs, with the name it is about after a colon
 * @param text a sentence for people
 */
public record Warning(String code, String text) {}

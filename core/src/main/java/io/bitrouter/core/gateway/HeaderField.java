package io.bitrouter.core.gateway;

/** One header field to be sent; the caller vouches that neither part holds CR, LF or NUL. */
public record HeaderField(String name, String value) {}

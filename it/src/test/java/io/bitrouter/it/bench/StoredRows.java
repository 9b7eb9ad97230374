package io.bitrouter.it.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The table of request rows of a node that has stopped. */
final class StoredRows {

  private StoredRows() {}

  /** How many rows there are. */
  static long count(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM request_row")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}

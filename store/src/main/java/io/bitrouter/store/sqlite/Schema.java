package io.bitrouter.store.sqlite;

import io.bitrouter.core.store.StoreUnavailableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteDataSource;

/**
 * Brings the tables to the version that this program knows.
 *
 * <p>A store that is up to date is recognised by one query; only another one makes the migration
 * library load, which costs a few hundred milliseconds.
 */
final class Schema {

  /** The newest migration among the resources. */
  static final int VERSION = 3;

  private static final String LOCATION = "classpath:io/bitrouter/store/sqlite/migration";

  private static final String APPLIED =
      "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'flyway_schema_history'";

  private static final String NEWEST =
      """
      SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success = 1
      """;

  private Schema() {}

  /**
   * Migrates when needed.
   *
   * @return the version that was found, 0 for a new store
   * @throws StoreUnavailableException when the store is newer than the program or cannot be changed
   */
  static int bringUpToDate(Path file) {
    int present = version(file);
    if (present > VERSION) {
      throw new StoreUnavailableException(
          "%s has schema version %d, this program knows %d: start the newer program"
              .formatted(file, present, VERSION));
    }
    if (present < VERSION) {
      Migration.run(file);
    }
    return present;
  }

  private static int version(Path file) {
    try (Connection connection = DriverManager.getConnection(url(file));
        Statement statement = connection.createStatement()) {
      return number(statement, APPLIED) == 0 ? 0 : number(statement, NEWEST);
    } catch (SQLException e) {
      throw new StoreUnavailableException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private static String url(Path file) {
    return "jdbc:sqlite:" + file;
  }

  /** Everything that touches the migration library, in a class that a normal start never loads. */
  private static final class Migration {

    static void run(Path file) {
      SQLiteDataSource source = new SQLiteDataSource();
      source.setUrl(url(file));
      try {
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(source)
            .locations(LOCATION)
            .placeholderReplacement(false)
            .load()
            .migrate();
      } catch (FlywayException e) {
        throw new StoreUnavailableException("cannot migrate " + file + ": " + e.getMessage(), e);
      }
    }
  }
}

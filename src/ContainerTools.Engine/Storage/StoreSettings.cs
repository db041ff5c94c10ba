namespace ContainerTools.Engine.Storage;

/// <summary>Settings of a store, kept in the catalogue as text under a name.</summary>
internal sealed class StoreSettings(Catalog catalog)
{
    /// <summary>A setting; null when nobody has made it.</summary>
    public string? Read(string name) => catalog.Read(connection => connection.Scalar<string>("SELECT value FROM store_settings WHERE name = $name", ("$name", name)));

    /// <summary>Makes a setting; null takes it away.</summary>
    public void Write(string name, string? value) => catalog.Write(connection => value is null
        ? connection.Execute("DELETE FROM store_settings WHERE name = $name", ("$name", name))
        : connection.Execute("INSERT OR REPLACE INTO store_settings (name, value) VALUES ($name, $value)", ("$name", name), ("$value", value)));
}
